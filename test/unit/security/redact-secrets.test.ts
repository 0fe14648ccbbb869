import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { redact } from '../../../src/core/redaction/redact.js';
import { redactArgv, redactLine } from '../../../src/core/redaction/redact-argv.js';
import { isSecretName } from '../../../src/core/redaction/secret-name.js';

const GONE = '[redacted]';

test.each([
  ...['password', 'DB_PASSWORD', 'passwd', 'passphrase', 'Passcode', 'pass', 'MYSQL_PWD', 'SSHPASS', 'passin'],
  ...['token', 'accessToken', 'tokens', 'csrf-token-2', 'GITHUB_PAT', 'jwt', 'otp', 'X-Amz-Signature', 'sig'],
  ...['key', 'api_key', 'apiKey', 'OPENAI_KEY', 'AccountKey', 'apikey2', 'X-Api-Key', 'private-key', 'ssh_key'],
  ...['auth', '_auth', 'NPM_CONFIG__AUTH', 'Authorization', 'Proxy-Authorization', 'Set-Cookie', 'JSESSIONID'],
  ...[
    'apiKeys',
    'keyHex',
    'private-key-data',
    'key-hex',
    'pwd',
    '--pwd',
    'PW',
    'DB_PW',
    'MYPASS',
    'DBPASS',
    'userpass',
  ],
  ...['client_secret', 'AWS_SECRET_ACCESS_KEY', 'credentials', 'bearer'],
])('%s is the name of a secret', (name) => {
  expect(isSecretName(name)).toBe(true);
});

test.each([
  ...[
    'PWD',
    'OLDPWD',
    'pin',
    'path',
    'PATH',
    'patch',
    'compass',
    'bypass',
    'lowpass',
    'passes',
    'passive',
    'monkey',
    'keyboard',
  ],
  ...['author', 'authors', 'keys', 'key_file', 'design', 'signal', 'session', 'data', 'id', 'user', ''],
])('%j is not', (name) => {
  expect(isSecretName(name)).toBe(false);
});

describe('in an argument list', () => {
  test.each<[string[], string[]]>([
    [
      ['mysql', '-phunter', '-P', '3306', 'db'],
      ['mysql', `-p${GONE}`, '-P', '3306', 'db'],
    ],
    [
      ['/usr/bin/mysqldump', '-phunter'],
      ['/usr/bin/mysqldump', `-p${GONE}`],
    ],
    [
      ['sudo', 'sshpass', '-p', 'hunter', 'ssh', 'me@host'],
      ['sudo', 'sshpass', '-p', GONE, 'ssh', 'me@host'],
    ],
    [
      ['curl', '-u', 'me:hunter', '-o', 'x'],
      ['curl', '-u', `me:${GONE}`, '-o', 'x'],
    ],
    [
      ['curl', '-ume:hunter'],
      ['curl', `-ume:${GONE}`],
    ],
    [
      ['tool', '--user', 'me:hunter'],
      ['tool', '--user', `me:${GONE}`],
    ],
    [
      ['curl', '-H', 'Authorization: Basic aHVudGVy=='],
      ['curl', '-H', `Authorization: ${GONE}`],
    ],
    [['--header=X-Api-Key: hunter'], [`--header=X-Api-Key: ${GONE}`]],
    [
      ['--cookie', 'a=hunter'],
      ['--cookie', GONE],
    ],
    [
      ['-b', 'x', 'Cookie: a=hunter; b=hunter'],
      ['-b', 'x', `Cookie: ${GONE}`],
    ],
    [
      ['x', 'Bearer hunter'],
      ['x', `Bearer ${GONE}`],
    ],
    [
      ['rsync', 'me:hunter@host::dir'],
      ['rsync', `me:${GONE}@host::dir`],
    ],
    [['https://h/?api_key=hunter&x=1#y'], [`https://h/?api_key=${GONE}&x=1#y`]],
    [['postgres://me:hunt/er@h/db'], [`postgres://${GONE}@h/db`]],
    [['{"token":"hunter","n":1}'], [`{"token":"${GONE}","n":1}`]],
    [['"{\\"token\\":\\"hunter\\"}"'], [`"{\\"token\\":\\"${GONE}\\"}"`]],
    [
      ['-o', 'password=hunter,vers=3'],
      ['-o', `password=${GONE}`],
    ],
    [
      ['-vnc', ':0,password=on'],
      ['-vnc', ':0,password=on'],
    ],
    [
      ['-spice', 'port=1,password=hunter'],
      ['-spice', `port=1,password=${GONE}`],
    ],
    [
      ['-object', 'secret,id=s0,data=hunter'],
      ['-object', `secret,id=s0,data=${GONE}`],
    ],
    [
      ['-drive', 'file=rbd:pool/image:id=admin:key=hunter=='],
      ['-drive', `file=rbd:pool/image:id=admin:key=${GONE}`],
    ],
    [
      ['openssl', '-passin', 'pass:hunter', '-out', 'x'],
      ['openssl', '-passin', GONE, '-out', 'x'],
    ],
    [
      ['openssl', '-k', 'pass:hunter'],
      ['openssl', '-k', GONE],
    ],
    [
      ['redis-cli', '-a', 'hunter'],
      ['redis-cli', '-a', GONE],
    ],
    [
      ['ldapsearch', '-w', 'hunter', '-x'],
      ['ldapsearch', '-w', GONE, '-x'],
    ],
    [['AccountKey=hunter==;Endpoint=x'], [`AccountKey=${GONE}`]],
    [
      ['git', 'clone', 'https://ghp_0123456789abcdefghijkl@github.com/x'],
      ['git', 'clone', `https://${GONE}@github.com/x`],
    ],
    [
      ['x', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc'],
      ['x', GONE],
    ],
  ])('%j', (argv, expected) => {
    expect(redactArgv(argv)).toEqual(expected);
    expect(redact({ run: argv })).toEqual({ run: expected });
  });

  test.each([
    [['docker', 'run', '-p', '80:80', '-u', '1000:1000', '--user', '1000:1000', '-v', '/a:/b', 'image:tag']],
    [['tar', '-pxf', 'a.tar', '-C', '/x']],
    [['ps', '-u', 'me:you', 'gcc', '-pthread', '-Wall', '-u', 'x']],
    [['sh', '-c', 'for i in 1 2; do echo "$i: a = b"; done 2>&1 | grep -v "x:y" # key points: none']],
    [['npm', 'install', '@acme/pkg@1.2.3', 'git@github.com:acme/pkg.git', '10.0.0.1:80', '[::1]:80', 'C:\\x']],
    [['-append', 'console=ttyS0 root=/dev/vda1 quiet', '-device', 'virtio-net-pci,netdev=net0,mac=52:54:00:12:34:56']],
  ])('%j stays as it is', (argv) => {
    expect(redactArgv(argv)).toEqual(argv);
  });
});

/** Each has "hunter" for its secret, and "kept" for what is none. */
test.each([
  'docker login -u kept -p hunter registry',
  'docker login -phunter kept',
  'podman login -p hunter kept',
  'curl -su kept:hunter https://kept',
  'curl -sSLukept:hunter https://kept',
  'curl -E kept:hunter https://kept',
  'curl --cert kept:hunter https://kept',
  'curl -b session=hunter https://kept',
  'mariadb-admin -phunter kept',
  'mongodump -p hunter --db kept',
  'mongo -phunter kept',
  'xmrig -o kept -p hunter',
  'minerd -O kept:hunter',
  'minerd -p hunter -o kept',
  'sqlcmd -S kept -P hunter',
  'openssl enc -K hunter -in kept',
  'openssl enc -k hunter -in kept',
  'unrar x -hphunter kept.rar',
  'usermod -p hunter kept',
  'rpcclient -U me%hunter kept',
  'net ads join -U me%hunter kept',
  'lftp -u me,hunter kept',
  'htpasswd -b kept.htpasswd user hunter',
  'htpasswd -nb kept hunter',
  'aws configure set aws_secret_access_key hunter --profile kept',
  'npm config set //kept.org/:_authToken hunter',
  'git config --global kept.token hunter',
  'tool --password \\\n hunter kept',
  'tool --pwd hunter kept',
  'echo kept; PW=hunter MYPASS=hunter DBPASS=hunter run',
  'tool --dbpass hunter --userpass hunter kept',
  'tool --private-key-data hunter --key-hex=hunter kept',
])('%s', (line) => {
  const words = line.split(/\s+/).filter((word) => word !== '\\');
  for (const shown of [redactLine(line), redactArgv(words).join(' '), redactArgv(['sh', '-c', line]).join(' ')]) {
    expect(shown).not.toContain('hunter');
    expect(shown).toContain('kept');
  }
});

test.each([
  `npm_${'a1'.repeat(18)}`,
  `hf_${'aB'.repeat(17)}`,
  `sk_live_${'a1'.repeat(12)}`,
  `pypi-${'aB-'.repeat(20)}`,
  `SG.${'a'.repeat(22)}.${'b'.repeat(43)}`,
  `ya29.${'a-'.repeat(20)}`,
  `dop_v1_${'0f'.repeat(32)}`,
])('%s is known by its form', (token) => {
  expect(redactArgv(['run', `x ${token}`, token])).toEqual(['run', `x ${GONE}`, GONE]);
});

test('the address of a webhook is its secret', () => {
  expect(redactLine('https://hooks.slack.com/services/T00/B00/hunter')).toBe(
    `https://hooks.slack.com/services/${GONE}`,
  );
});

test.each([
  [
    '-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,0F\n\nhunter\n-----END RSA PRIVATE KEY-----',
  ],
  ['-----BEGIN PGP PRIVATE KEY BLOCK-----\nVersion: x-1\n\nhunter\n-----END PGP PRIVATE KEY BLOCK-----'],
  ['-----BEGIN ENCRYPTED PRIVATE KEY-----\nhun-ter-hunter'],
])('nothing of a private key comes through: %j', (key) => {
  expect(redactLine(`a ${key}`)).toBe(`a ${GONE}`);
  expect(JSON.stringify(redact({ note: `${key}\nrest` }))).not.toContain('hunter');
});

test('a header with spaces in it is a secret up to its end', () => {
  expect(redactArgv(['-H', 'X-Api-Key: a hunter'])).toEqual(['-H', `X-Api-Key: ${GONE}`]);
});

test('what is listed by name and value, and among numbers, is found too', () => {
  expect(redact([{ name: 'DB_PASSWORD', value: 'hunter' }])).toEqual([{ name: 'DB_PASSWORD', value: GONE }]);
  expect(redact({ argv: ['--token', 5, '--n', 7, null] })).toEqual({ argv: ['--token', GONE, '--n', 7, null] });
});

describe('in a script', () => {
  test.each([
    'mysql --password=hunter -u root',
    'mysql --password hunter',
    "mysql -p'hunter hunter' db",
    'PGPASSWORD=hunter psql; echo',
    'export TOKEN="hunter hunter" && run',
    "curl -H 'Authorization: Bearer hunter' -u me:hunter https://u:hunter@h/?token=hunter",
    'curl -H "X-Api-Key: hunter" x',
    `bash -c "curl -u 'me:hunter' x; mysql -phunter"`,
    'echo {\\"password\\": \\"hunter hunter\\"}',
    'cat <<E\npassword: hunter\ntoken = hunter\nE',
    'nginx: worker --api-key hunter',
    '-----BEGIN RSA PRIVATE KEY-----\nhunter\n-----END RSA PRIVATE KEY-----',
  ])('%s', (script) => {
    const shown = redactArgv(['sh', '-c', script])[2];
    expect(shown).not.toContain('hunter');
    expect(shown).toContain(GONE);
    expect(redactLine(shown!)).not.toContain('hunter');
  });
});

test('no argument list is too long, and none too odd', () => {
  const odd = fc.array(
    fc.constantFrom('a', '-', '=', ':', '"', "'", '\\', ' ', '/', '@', '.', 'key', 'secret', '://'),
    {
      maxLength: 5_000,
    },
  );
  const long = ['a', 'a.', 'a:', 'x://u:p/', '"\'', 'key=', '-a', '@', 'secret,data=', " '"].map((s) =>
    s.repeat(50_000),
  );
  long.push(`${'"\''.repeat(20_000)} ${'\'"'.repeat(20_000)}`);
  for (const argument of long) expect(typeof redactArgv([argument])[0]).toBe('string');
  fc.assert(
    fc.property(fc.array(odd), (argv) => redactArgv(argv.map((words) => words.join(''))).length === argv.length),
  );
});
