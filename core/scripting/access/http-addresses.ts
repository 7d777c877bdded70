import { BlockList, isIP } from 'node:net';

/**
 * Who is reached at an address: anybody's server on the internet, this machine, this network, or something that is no server
 * (groups, examples, this very link, addresses that stand for another one).
 */
export type Reach = 'public' | 'loopback' | 'private' | 'special';

/** A list for each family: a list of both would take `::ffff:10.0.0.1` for `10.0.0.1`, which is for the tables to say. */
interface Ranges {
  readonly ipv4: BlockList;
  readonly ipv6: BlockList;
}

function ranges(...subnets: readonly string[]): Ranges {
  const lists = { ipv4: new BlockList(), ipv6: new BlockList() };
  for (const subnet of subnets) {
    const [network = '', bits] = subnet.split('/');
    const family = isIP(network) === 6 ? 'ipv6' : 'ipv4';
    lists[family].addSubnet(network, Number(bits), family);
  }
  return lists;
}

const LOOPBACK = ranges('127.0.0.0/8', '::1/128');

/** Networks of homes and offices, and those that providers and overlays like Tailscale use in the same way. */
const PRIVATE = ranges('10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fc00::/7');

/** The IANA registries of special addresses, as far as they are not above. */
const SPECIAL = ranges(
  '0.0.0.0/8', // this host
  '169.254.0.0/16', // this link; at 169.254.169.254 a cloud hands out the keys of the machine
  '192.0.0.0/24', // for protocols
  '192.0.2.0/24', // for documentation, as are 198.51.100 and 203.0.113
  '192.88.99.0/24', // 6to4 relays
  '198.18.0.0/15', // for benchmarks
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4', // groups
  '240.0.0.0/4', // not given to anybody, and broadcast
  '2001::/23', // for protocols: Teredo, which holds an IPv4 address, benchmarks, ORCHID
  '2001:db8::/32', // for documentation, as is 3fff
  '2002::/16', // 6to4, which holds an IPv4 address
  '3fff::/20',
);

/** All that has been given out. What is outside (mapped IPv4, NAT64, groups, this link) leads to no server, or past these tables. */
const GLOBAL = ranges('0.0.0.0/0', '2000::/3');

export function reachOf(address: string): Reach {
  const version = isIP(address);
  // An address with a zone is one of this link.
  if (version === 0 || address.includes('%')) return 'special';
  const family = version === 6 ? 'ipv6' : 'ipv4';
  const isIn = (range: Ranges) => range[family].check(address, family);
  if (isIn(LOOPBACK)) return 'loopback';
  if (isIn(PRIVATE)) return 'private';
  return isIn(GLOBAL) && !isIn(SPECIAL) ? 'public' : 'special';
}
