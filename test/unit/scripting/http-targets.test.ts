import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ScriptError } from '../../../core/errors.js';
import { reachOf } from '../../../core/scripting/access/http-addresses.js';
import { HttpTargets, type Target } from '../../../core/scripting/access/http-targets.js';

const find = (hosts: readonly string[], url: string, from?: string): Target =>
  new HttpTargets(hosts).find(url, from === undefined ? undefined : new URL(from));

function refusalOf(hosts: readonly string[], url: string, from?: string): string {
  try {
    find(hosts, url, from);
  } catch (error) {
    expect(error).toBeInstanceOf(ScriptError);
    return String(error);
  }
  throw new Error(`${url} was not refused`);
}

const bytesOf = (address: number) => [24, 16, 8, 0].map((shift) => (address >>> shift) & 255);
const dotted = (address: number) => bytesOf(address).join('.');

/** Any address of the range, also its first and its last. */
function inRange(range: string): fc.Arbitrary<number> {
  const [network = '', bits] = range.split('/');
  const first = network.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0);
  return fc.integer({ min: first, max: first + 2 ** (32 - Number(bits)) - 1 });
}

const LOOPBACK = '127.0.0.0/8';
const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'];
const SPECIAL = [
  '0.0.0.0/8',
  '169.254.0.0/16',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
];
const notPublic = fc.oneof(...[LOOPBACK, ...PRIVATE, ...SPECIAL].map(inRange));

const hex = (value: number) => value.toString(16);
const groups = (address: number) => `${hex(address >>> 16)}:${hex(address & 0xffff)}`;

/** The ways to write an IPv4 address that some program understands. */
const spelled = fc.tuple(fc.nat(8), fc.array(fc.constantFrom(8, 10, 16), { minLength: 4, maxLength: 4 }), fc.boolean());
function spell(address: number, [way, bases, hasDot]: readonly [number, readonly number[], boolean]): string {
  const [a = 0, b = 0] = bytesOf(address);
  const number = (value: number, index: number) =>
    bases[index] === 8 ? `0${value.toString(8)}` : bases[index] === 16 ? `0X${hex(value).toUpperCase()}` : `${value}`;
  const dot = hasDot ? '.' : '';
  switch (way) {
    case 0:
      return number(address, 0) + dot;
    case 1:
      return `${number(a, 0)}.${number(address & 0xffffff, 1)}${dot}`;
    case 2:
      return `${number(a, 0)}.${number(b, 1)}.${number(address & 0xffff, 2)}${dot}`;
    case 3:
      return bytesOf(address).map(number).join('.') + dot;
    case 4:
      // Wide digits and the Japanese full stop.
      return (
        dotted(address).replace(/\d/g, (digit) => String.fromCharCode(0xff10 + Number(digit))) + (hasDot ? '。' : '')
      );
    case 5:
      return dotted(address).replace(/\d/g, (digit) => `%3${digit}`) + dot;
    case 6:
      return `[::ffff:${dotted(address)}]`;
    case 7:
      return `[0:0:0:0:0:FFFF:${groups(address).toUpperCase()}]`;
    default:
      return `[64:ff9b::${dotted(address)}]`;
  }
}

/** IPv6 addresses that stand for an IPv4 address, or hold one. */
const embeddings: readonly ((address: number) => string)[] = [
  (address) => `::ffff:${dotted(address)}`,
  (address) => `::FFFF:${groups(address)}`,
  (address) => `0:0:0:0:0:ffff:${groups(address)}`,
  (address) => `::${dotted(address)}`,
  (address) => `::ffff:0:${dotted(address)}`,
  (address) => `64:ff9b::${dotted(address)}`,
  (address) => `64:ff9b:1::${groups(address)}`,
  (address) => `2002:${groups(address)}::1`,
  (address) => `2001:0:${groups(address)}::1`,
];

const group = fc.integer({ min: 0, max: 0xffff });
const ipv6 = (first: fc.Arbitrary<number>) =>
  fc
    .tuple(first, ...Array.from({ length: 7 }, () => group))
    .map((values) => values.map((value) => value.toString(16)).join(':'));
const between = (min: number, max: number) => fc.integer({ min, max });

describe('who is reached at an address', () => {
  it.each([LOOPBACK])('this machine: %s', (range) => {
    fc.assert(fc.property(inRange(range), (address) => reachOf(dotted(address)) === 'loopback'));
    expect(reachOf('::1')).toBe('loopback');
    expect(reachOf('0:0:0:0:0:0:0:1')).toBe('loopback');
  });

  it.each(PRIVATE)('this network: %s', (range) => {
    fc.assert(fc.property(inRange(range), (address) => reachOf(dotted(address)) === 'private'));
  });

  it.each(SPECIAL)('no server: %s', (range) => {
    fc.assert(fc.property(inRange(range), (address) => reachOf(dotted(address)) === 'special'));
  });

  it('the internet: every other IPv4 address, and the neighbours of all ranges', () => {
    const ranges = [LOOPBACK, ...PRIVATE, ...SPECIAL].map((range) => {
      const [network = '', bits] = range.split('/');
      const first = network.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0);
      return { first, last: first + 2 ** (32 - Number(bits)) - 1 };
    });
    const edges = ranges.flatMap(({ first, last }) => [first - 1, last + 1]);
    const anything = fc.oneof(fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.constantFrom(...edges));
    fc.assert(
      fc.property(anything, (address) => {
        fc.pre(address >= 0 && address < 2 ** 32);
        const isListed = ranges.some(({ first, last }) => address >= first && address <= last);
        expect(reachOf(dotted(address)) === 'public').toBe(!isListed);
      }),
      { numRuns: 500 },
    );
  });

  it('this network: unique local IPv6', () => {
    fc.assert(fc.property(ipv6(between(0xfc00, 0xfdff)), (address) => reachOf(address) === 'private'));
  });

  it('no server: IPv6 that is of this link, a group, reserved, for examples, or was never given out', () => {
    const first = fc.oneof(
      between(0xfe80, 0xfebf),
      between(0xfec0, 0xfeff),
      between(0xff00, 0xffff),
      between(0x0100, 0x1fff),
      between(0x4000, 0xfbff),
      fc.constant(0x2002),
    );
    fc.assert(fc.property(ipv6(first), (address) => reachOf(address) === 'special'));
    const listed = ['::', '2001:db8::1', '2001::1', '2001:1ff:ffff::', '3fff::1', '3fff:fff::1', '5f00::1', '100::1'];
    expect(listed.filter((address) => reachOf(address) !== 'special')).toEqual([]);
  });

  it('the internet: IPv6 that has been given out', () => {
    const listed = ['2001:200::1', '2001:4860:4860::8888', '2606:4700::1111', '2a00:1450::1', '3ffe::1', '2003::1'];
    expect(listed.filter((address) => reachOf(address) !== 'public')).toEqual([]);
    fc.assert(fc.property(ipv6(between(0x2003, 0x3ffe)), (address) => reachOf(address) === 'public'));
  });

  it('no server: IPv6 that stands for an IPv4 address, whichever', () => {
    const any = fc.oneof(notPublic, fc.integer({ min: 0, max: 2 ** 32 - 1 }));
    fc.assert(
      fc.property(any, fc.constantFrom(...embeddings), (address, embed) => {
        // `::1` is the machine itself, and no IPv4 address.
        fc.pre(address !== 1);
        expect(reachOf(embed(address))).toBe('special');
      }),
    );
  });

  it.each(['', 'localhost', 'fe80::1%eth0', '2606:4700::1111%eth0', '127.1', '1.2.3.4.', '[::1]', '1.2.3.4/8'])(
    'no server: %j is no address',
    (text) => expect(reachOf(text)).toBe('special'),
  );
});

describe('what is granted', () => {
  it.each([
    ['api.example.org', 'https://api.example.org/x?y#z'],
    ['api.example.org', 'http://api.example.org'],
    ['api.example.org', 'http://api.example.org:443/'],
    ['api.example.org', 'HTTPS://API.Example.ORG/'],
    ['api.example.org', 'https://api.example.org./'],
    ['api.example.org', ' https:\\\\api.exa\nmple.org\\ '],
    ['API.Example.org.', 'https://api.example.org/'],
    ['api.example.org:8443', 'https://api.example.org:8443/'],
    ['api.example.org:443', 'https://api.example.org/'],
    ['*.example.org', 'https://a.example.org/'],
    ['*.example.org', 'https://a.b.example.org/'],
    ['*.example.org:8080', 'http://a.example.org:8080/'],
    ['bücher.example', 'https://xn--bcher-kva.example/'],
    ['xn--bcher-kva.example', 'https://BÜCHER.example/'],
    ['localhost:8123', 'http://localhost:8123/'],
    ['localhost:8123', 'http://ⓛocalhost.:8123/'],
    ['127.0.0.1:8123', 'http://127.0.0.1:8123/'],
    ['127.0.0.1:8123', 'http://0x7f.1:8123/'],
    ['192.168.1.20', 'http://192.168.1.20/'],
    ['192.0.2.7', 'http://192.0.2.7/'],
    ['[::1]:8080', 'http://[0:0:0:0:0:0:0:1]:8080/'],
    ['[0:0:0:0:0:0:0:1]:8080', 'http://[::1]:8080/'],
    ['[::ffff:127.0.0.1]', 'http://[::ffff:7f00:1]/'],
    ['private:homeassistant.local:8123', 'http://homeassistant.local:8123/'],
    ['private:*.lan', 'http://printer.lan/'],
  ])('%s grants %j', (entry, url) => {
    const target = find(['other.example', entry], url);
    expect(target.url.hostname.endsWith('.')).toBe(false);
    expect(target.host).not.toContain('[');
  });

  it.each([
    ['api.example.org', 'https://example.org/'],
    ['api.example.org', 'https://evil.api.example.org/'],
    ['api.example.org', 'https://api.example.org.evil.example/'],
    ['api.example.org', 'https://evilapi.example.org/'],
    ['api.example.org', 'https://api.example.org:8443/'],
    ['api.example.org', 'https://api.example.org%2eevil.example/'],
    ['api.example.org:8443', 'https://api.example.org/'],
    ['api.example.org:80', 'https://api.example.org/'],
    ['*.example.org', 'https://example.org/'],
    ['*.example.org', 'https://evilexample.org/'],
    ['*.com', 'https://127.0.0.1/'],
    ['127.0.0.1', 'http://[::ffff:127.0.0.1]/'],
    ['127.0.0.1', 'http://localhost/'],
    ['localhost', 'http://127.0.0.1/'],
    ['localhost', 'http://[::1]/'],
    ['localhost', 'http://a.localhost/'],
    ['private:homeassistant.local', 'http://192.168.1.20/'],
    ['192.168.1.2', 'http://192.168.1.20/'],
    ['[::1]', 'http://[::2]/'],
  ])('%s does not grant %j', (entry, url) => {
    expect(refusalOf([entry], url)).toContain('is not granted to this script');
  });

  it('says which line would grant it', () => {
    expect(refusalOf([], 'https://api.example.org/secret')).toBe(
      'ScriptError: api.example.org is not granted to this script: ' +
        'the line "http: [api.example.org]" in its header would grant it',
    );
    expect(refusalOf([], 'http://API.example.org:8080/')).toContain('"http: [api.example.org:8080]"');
    expect(refusalOf([], 'https://[::1]/')).toContain('"http: [[::1]]"');
    expect(refusalOf([], 'https://[::1]:8080/')).toContain('"http: [[::1]:8080]"');
    expect(refusalOf([], 'http://b.example/', 'http://a.example/')).toContain('but a.example redirects there');
    expect(refusalOf([], `http://${'a'.repeat(1000)}/`).length).toBeLessThan(400);
  });

  it.each([
    ['file:///etc/passwd', 'Only http: and https:'],
    ['ftp://api.example.org/', 'Only http: and https:'],
    ['javascript:alert(1)', 'Only http: and https:'],
    ['data:text/plain,x', 'Only http: and https:'],
    ['blob:https://api.example.org/x', 'Only http: and https:'],
    ['ws://api.example.org/', 'Only http: and https:'],
    ['https://user@api.example.org/', 'do not belong into an address'],
    ['https://user:password@api.example.org/', 'do not belong into an address'],
    ['https://api.example.org:x@evil.example/', 'do not belong into an address'],
    ['/path', 'is no address to fetch'],
    ['//api.example.org/', 'is no address to fetch'],
    ['https://', 'is no address to fetch'],
    ['https://api.example.org:99999/', 'is no address to fetch'],
    ['https://api example.org/', 'is no address to fetch'],
    ['http://[fe80::1%25eth0]/', 'is no address to fetch'],
    ['http://[::1%eth0]/', 'is no address to fetch'],
    ['https://api.example.org../', 'is no address to fetch'],
    ['https://.example/', 'is no address to fetch'],
    ['https://a..example/', 'is no address to fetch'],
    ['https://./', 'is no address to fetch'],
    ['http://256.1.1.1/', 'is no address to fetch'],
    ['http://0x7f.0.0.0x100/', 'is no address to fetch'],
    [`https://api.example.org/${'x'.repeat(2048)}`, 'is no address to fetch'],
  ])('is never %j', (url, reason) => {
    expect(refusalOf(['api.example.org', '*.example'], url)).toContain(reason);
  });

  it('is no address by grants of names, in whatever spelling', () => {
    const targets = new HttpTargets(['api.example.org', '*.example.org', '*.com', 'localhost', 'private:*.lan']);
    fc.assert(
      fc.property(notPublic, spelled, (address, spelling) => {
        expect(() => targets.find(`http://${spell(address, spelling)}/`)).toThrow(ScriptError);
      }),
      { numRuns: 500 },
    );
  });

  it('is one address and no other by the grant of an address, in whatever spelling', () => {
    fc.assert(
      fc.property(notPublic, notPublic, spelled, (granted, asked, spelling) => {
        const url = `http://${spell(asked, spelling)}:8080/`;
        const hosts = [`${dotted(granted)}:8080`];
        if (granted === asked && spelling[0] <= 5) expect(find(hosts, url).host).toBe(dotted(granted));
        else expect(refusalOf(hosts, url)).toContain('is not granted');
      }),
      { numRuns: 300 },
    );
    fc.assert(
      fc.property(notPublic, spelled, (address, spelling) => {
        fc.pre(spelling[0] <= 5);
        expect(find([dotted(address)], `http://${spell(address, spelling)}/`).host).toBe(dotted(address));
      }),
      { numRuns: 300 },
    );
  });

  it('is never more than was written, whatever the address looks like', () => {
    const targets = new HttpTargets(['api.example.org', '*.example.net:8080']);
    const pieces = fc.constantFrom(
      ...[
        'http:',
        'https:',
        '/',
        '//',
        '\\',
        '@',
        ':',
        ':8080',
        '?',
        '#',
        '.',
        '%2e',
        '%00',
        '[',
        ']',
        '::1',
        '\t',
        ' ',
      ],
      ...[
        'api.example.org',
        'a.example.net',
        'example.net',
        'evil.example',
        '127.0.0.1',
        '2130706433',
        'localhost',
        '。',
      ],
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 8 }), (parts) => {
        let target: Target;
        try {
          target = targets.find(`http://${parts.join('')}`);
        } catch (error) {
          expect(error).toBeInstanceOf(ScriptError);
          return;
        }
        const { hostname, port, username } = target.url;
        expect(username).toBe('');
        if (port === '8080') expect(hostname).toMatch(/.\.example\.net$/);
        else expect([hostname, port]).toEqual(['api.example.org', expect.stringMatching(/^(|80|443)$/)]);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('an entry of the grant', () => {
  it.each([
    '',
    ' ',
    '*',
    '*.',
    '.',
    'http://api.example.org',
    'api.example.org/',
    'a b',
    'user@api.example.org',
    'a?b',
    'a#b',
  ])('is refused when it names no host: %j', (entry) => expect(() => new HttpTargets([entry])).toThrow(ScriptError));

  it.each([
    'a:',
    'a:0',
    'a:65536',
    'a:123456',
    'a:8o',
    '[::1',
    '::1',
    '[::1%eth0]',
    '[nonsense]',
    '*.127.0.0.1',
    '*.[::1]',
  ])('is refused when the port or the address is none: %j', (entry) =>
    expect(() => new HttpTargets([entry])).toThrow(/names no host/),
  );

  it.each(['a.*.example', '**.example', 'a%2eexample', 'private:private:a', 'a\\b', '256.1.1.1', 'a\n'])(
    'is refused when it is something clever: %j',
    (entry) => expect(() => new HttpTargets([entry])).toThrow(/names no host/),
  );

  it.each(['0177.0.0.1', '2130706433', '0x7f.1', '127.1', '127。0。0。1', 'private:8123'])(
    'is refused when it is an odd spelling of an address: %j',
    (entry) => expect(() => new HttpTargets([entry])).toThrow(/odd way to write an address/),
  );
});

describe('a name that is granted', () => {
  const leads = (hosts: readonly string[], url: string, address: string) => find(hosts, url).mayLeadTo(address);

  it('may lead anywhere on the internet, and nowhere else', () => {
    const target = find(['api.example.org'], 'https://api.example.org/');
    expect(target.mayLeadTo('93.184.216.34')).toBe(true);
    expect(target.mayLeadTo('2606:4700::1111')).toBe(true);
    fc.assert(
      fc.property(notPublic, fc.constantFrom(dotted, ...embeddings), (address, write) => {
        expect(target.mayLeadTo(write(address))).toBe(false);
      }),
      { numRuns: 500 },
    );
    for (const address of ['::1', '::', 'fe80::1', 'fe80::1%eth0', 'fd00::1', 'ff02::1', 'nonsense']) {
      expect(target.mayLeadTo(address)).toBe(false);
    }
  });

  it('as private may lead into this network and to this machine too, but to nothing that is no server', () => {
    const target = find(['private:homeassistant.local:8123'], 'http://homeassistant.local:8123/');
    for (const address of ['93.184.216.34', '192.168.1.20', '10.0.0.1', '100.100.1.1', 'fd00::1', '127.0.0.1', '::1']) {
      expect(target.mayLeadTo(address)).toBe(true);
    }
    for (const address of ['169.254.169.254', '0.0.0.0', '::', '224.0.0.1', '255.255.255.255', 'fe80::1%eth0']) {
      expect(target.mayLeadTo(address)).toBe(false);
    }
    fc.assert(
      fc.property(notPublic, fc.constantFrom(...embeddings), (address, embed) => {
        fc.pre(address !== 1);
        expect(target.mayLeadTo(embed(address))).toBe(false);
      }),
    );
  });

  it('as localhost may lead to this machine, and not into the network', () => {
    expect(leads(['localhost:8123'], 'http://LOCALHOST.:8123/', '127.0.0.1')).toBe(true);
    expect(leads(['localhost:8123'], 'http://localhost:8123/', '::1')).toBe(true);
    expect(leads(['localhost:8123'], 'http://localhost:8123/', '192.168.1.1')).toBe(false);
    expect(leads(['*.localhost'], 'http://a.localhost/', '127.0.0.1')).toBe(false);
  });

  it('is private only on the port that was granted as private', () => {
    const hosts = ['a.example', 'private:a.example:8123'];
    expect(leads(hosts, 'http://a.example/', '192.168.1.1')).toBe(false);
    expect(leads(hosts, 'http://a.example:8123/', '192.168.1.1')).toBe(true);
  });

  it('says which line would grant where it leads', () => {
    const refuse = (url: string, ...addresses: string[]) =>
      find(['*.example', '*.example:8123'], url).refusal(addresses);
    expect(refuse('http://a.example:8123/', '192.168.1.1', '10.0.0.1').message).toBe(
      'a.example:8123 leads to 192.168.1.1, 10.0.0.1, which is not on the internet: ' +
        'the line "http: [private:a.example:8123]" in the header of the script would grant it',
    );
    expect(refuse('http://a.example/', '169.254.169.254').message).toContain('only the address itself');
  });
});
