import { spawnSync } from 'node:child_process'
import { describeWith as describeWithNeeds, type Need, program } from '@registry/services/describe-with'
import { postgres } from '@registry/services/postgres-program'

type Program = 'skopeo' | 'umoci' | 'strace' | 'nginx' | 'podman' | 'buildah' | 'containerd' | 'ctr' | 'dockerd' | 'docker' | 'systemd-analyze' | 'script' | 'postgres' | 'unshare'

/** Programs of others that tests use. */
const programs: Readonly<Record<Program, Need>> = {
  skopeo: program('skopeo'),
  umoci: program('umoci'),
  strace: program('strace'),
  nginx: program('nginx'),
  podman: program('podman'),
  buildah: program('buildah'),
  containerd: program('containerd'),
  ctr: program('ctr', 'containerd'),
  dockerd: program('dockerd', 'docker.io'),
  docker: program('docker', 'docker.io'),
  'systemd-analyze': program('systemd-analyze', 'systemd'),
  script: program('script', 'bsdutils'),
  postgres,
  // Everybody has this program, and few may use it.
  unshare: {
    name: 'unshare',
    isThere: () => spawnSync('unshare', ['--mount', 'true']).status === 0,
    remedy: 'run as root, on Linux, where mount is permitted',
  },
}

/** `describe`, for tests that need these programs. */
export function describeWith(needed: readonly Program[], title: string, body: () => void): void {
  describeWithNeeds(needed.map((name) => programs[name]), title, body)
}
