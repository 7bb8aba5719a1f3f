#!/usr/bin/env bash
# Runs a one-node Ceph Object Gateway (S3) on loopback, which keeps everything in memory, for tests.
#   radosgw.sh FOLDER [--memory BYTES] [--monitor-port PORT] [--port PORT] [--until-stdin-ends] [--remove]
# FOLDER holds all of its state: it must not exist or be empty, and stays behind without --remove.
# Prints `ready http://127.0.0.1:PORT` once requests are answered, about 3 s later. Keys: AKTEST and SKTESTSKTEST.
# SIGTERM or SIGINT ends it, as does the end of its input with --until-stdin-ends. Process ids are in FOLDER/*.pid, requests in FOLDER/requests.log.
set -euo pipefail

access_key=AKTEST secret_key=SKTESTSKTEST
memory=$((2 * 1024 ** 3)) monitor_port=16789 port=8301 until_stdin_ends=false remove=false folder=
while (($# > 0)); do
  case $1 in
    --memory) memory=$2; shift ;;
    --monitor-port) monitor_port=$2; shift ;;
    --port) port=$2; shift ;;
    --until-stdin-ends) until_stdin_ends=true ;;
    --remove) remove=true ;;
    -*) echo "radosgw.sh does not know $1" >&2; exit 2 ;;
    *) folder=$1 ;;
  esac
  shift
done
if [[ -z $folder ]]; then
  echo 'usage: radosgw.sh FOLDER [--memory BYTES] [--monitor-port PORT] [--port PORT] [--until-stdin-ends] [--remove]' >&2
  exit 2
fi

missing=()
need() { # need COMMAND PACKAGE
  command -v "$1" > /dev/null || missing+=("$1 (apt-get install $2)")
}
need ceph-mon ceph-mon
need ceph-osd ceph-osd
need radosgw radosgw
need radosgw-admin radosgw
need ceph ceph-common
need monmaptool ceph-common
if ((${#missing[@]} > 0)); then
  printf 'radosgw.sh needs %s\n' "${missing[@]}" >&2
  exit 3
fi

mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
if [[ -n $(ls -A "$folder") ]]; then echo "radosgw.sh: $folder is not empty" >&2; exit 2; fi
mkdir "$folder"/{mon,osd,rgw,run,log}

cluster=$(< /proc/sys/kernel/random/uuid)
configuration=$folder/ceph.conf
cat > "$configuration" << END
[global]
fsid = $cluster
mon host = [v1:127.0.0.1:$monitor_port]
mon initial members = a
public addr = 127.0.0.1
cluster addr = 127.0.0.1
public network = 127.0.0.0/8
ms bind ipv6 = false
auth cluster required = none
auth service required = none
auth client required = none
keyring = $folder/keyring
osd objectstore = memstore
memstore device bytes = $memory
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 1
osd pool default pgp num = 1
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
# The daemon that does these itself is refused, now and then, by a monitor that it asks too early.
osd crush update on start = false
osd class update on start = false
mon allow pool size one = true
mon max pg per osd = 1000
mon data = $folder/mon
osd data = $folder/osd
rgw data = $folder/rgw
run dir = $folder/run
admin socket = $folder/run/\$name.asok
log file = $folder/log/\$name.log
mon cluster log file = $folder/log/cluster.log
crash dir = $folder/log
# Each step of the start waits for a proposal or two.
paxos propose interval = 0.05
paxos min wait = 0.01
debug mon = 0
debug osd = 0
# Without the option each answer waits 40 ms for the client to acknowledge its headers.
rgw frontends = beast endpoint=127.0.0.1:$port tcp_nodelay=1
rgw thread pool size = 32
# Else each list asks eleven shards.
rgw override bucket index max shards = 1
rgw dynamic resharding = false
# What is deleted gives its memory back at once instead of after two hours.
rgw gc obj min wait = 1
rgw gc processor period = 2
rgw gc processor max time = 2
[client.admin]
log file = $folder/requests.log
debug rgw = 1
END
export CEPH_CONF=$configuration

end_all() {
  trap '' TERM INT
  # Nothing is worth saving, and the store would write all that it keeps into its folder if it were asked to end.
  for name in rgw osd mon; do
    [[ -f $folder/$name.pid ]] || continue
    kill -KILL "$(< "$folder/$name.pid")" || true
    wait "$(< "$folder/$name.pid")" || true
    rm -f "$folder/$name.pid"
  done 2> /dev/null
  if $remove; then rm -rf "$folder"; fi
}
trap end_all EXIT
trap 'exit 0' TERM INT
trap 'echo "radosgw.sh: line $LINENO failed" >&2; tail -n 20 "$folder"/log/*.out >&2' ERR

run() { # run NAME COMMAND...
  local name=$1
  shift
  "$@" > "$folder/log/$name.out" 2>&1 < /dev/null 3<&- &
  echo $! > "$folder/$name.pid"
}
wait_for() { # wait_for NAME COMMAND...
  local name=$1
  shift
  for ((i = 0; i < 600; i++)); do
    if "$@" > /dev/null 2>&1; then return; fi
    if ! kill -0 "$(< "$folder/$name.pid")" 2> /dev/null; then break; fi
    sleep 0.1
  done
  echo "radosgw.sh: $name does not answer:" >&2
  tail -n 20 "$folder/log/$name.out" >&2
  exit 1
}
is_up() { timeout 10 ceph osd stat | grep -q '1 up'; }
answers() { exec 4<> "/dev/tcp/127.0.0.1/$port"; }

if $until_stdin_ends; then
  exec 3<&0
  { cat <&3; kill -TERM $$; } &> /dev/null &
fi

ceph-authtool --create-keyring "$folder/keyring" --gen-key -n mon. --cap mon 'allow *' > /dev/null
ceph-authtool "$folder/keyring" --gen-key -n client.admin --cap mon 'allow *' --cap osd 'allow *' > /dev/null
monmaptool --create --addv a "[v1:127.0.0.1:$monitor_port]" --fsid "$cluster" "$folder/monmap" > /dev/null
ceph-mon --mkfs -i a --monmap "$folder/monmap" --keyring "$folder/keyring" > "$folder/log/mkfs.out" 2>&1
run mon ceph-mon -i a -f
storage=$(< /proc/sys/kernel/random/uuid)
wait_for mon timeout 10 ceph osd new "$storage"
ceph-osd -i 0 --mkfs --osd-uuid "$storage" > "$folder/log/mkfs.out" 2>&1
ceph osd crush add osd.0 1 root=default > "$folder/log/crush.out" 2>&1
run osd ceph-osd -i 0 -f
wait_for osd is_up
radosgw-admin user create --uid=tests --display-name=tests "--access-key=$access_key" "--secret-key=$secret_key" > "$folder/log/user.out" 2>&1
run rgw radosgw -n client.admin -f
wait_for rgw answers
echo "ready http://127.0.0.1:$port"
wait -n "$(< "$folder/mon.pid")" "$(< "$folder/osd.pid")" "$(< "$folder/rgw.pid")" || true
echo 'radosgw.sh: one of its processes ended:' >&2
tail -n 20 "$folder"/log/*.out >&2
exit 1
