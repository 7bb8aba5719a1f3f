import { describeWith, isInstalled, type Need } from './describe-with.js'

const programs = ['ceph-mon', 'ceph-osd', 'radosgw', 'radosgw-admin', 'ceph', 'bash']

const gateway: Need = {
  name: 'ceph',
  isThere: () => programs.every(isInstalled),
  remedy: 'apt-get install --no-install-recommends ceph-mon ceph-osd radosgw ceph-common',
}

/** `describe`, for tests that need the gateway. */
export function describeWithCeph(title: string, body: () => void): void {
  describeWith([gateway], title, body)
}
