/** The layer rules of docs/architecture.md: arrows point down only. */
const lower = (name, from, to, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from },
  to: { path: to },
});

module.exports = {
  forbidden: [
    { name: 'no-cycles', comment: 'a cycle has no down', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'plugins-through-the-front-door',
      comment: 'a plugin sees pulsegate/plugin and its own folder, like everyone else’s',
      severity: 'error',
      from: { path: '^plugins/([^/]+)/' },
      to: { path: '^(core/(?!plugin\\.ts$)|plugins/(?!$1/))' },
    },
    lower(
      'protocol-is-the-ground',
      '^core/protocol/',
      '^core/(?!protocol/|errors\\.ts)',
      'the protocol knows nothing of devices or sessions',
    ),
    lower(
      'hardware-is-the-other-ground',
      '^core/hardware/',
      '^core/(?!hardware/|logging/|(clock|errors|events)\\.ts)',
      'links and their managers know nothing of what is driven over them',
    ),
    lower(
      'catalogue-below-devices',
      '^core/catalogue/',
      '^core/(devices|sessions|plugins|http|config|cli|gateway|composition)',
      'definitions know nothing of what runs them',
    ),
    lower(
      'devices-below-sessions',
      '^core/devices/',
      '^core/(sessions|plugins|http|config|cli|gateway|composition)',
      'devices do not know who drives them',
    ),
    lower(
      'sessions-below-plugins',
      '^core/sessions/',
      '^core/(plugins|http|config|cli|gateway|composition)',
      'sessions do not know how clients reach them',
    ),
    lower(
      'http-on-its-own',
      '^core/http/',
      '^core/(sessions|devices|plugins|cli|gateway|composition)',
      'a port and its rules',
    ),
    lower(
      'config-on-its-own',
      '^core/config/',
      '^core/(sessions|devices|plugins|cli|gateway|composition)',
      'data and its checks',
    ),
    lower(
      'scripting-below-the-gateway',
      '^core/scripting/',
      '^core/(plugins|cli|gateway|composition)',
      'scripts are clients like others: they know sessions, and not who composes them',
    ),
    lower(
      'nothing-depends-on-scripting',
      '^core/(protocol|hardware|catalogue|devices|sessions|plugins|http|config|logging|metrics)/',
      '^core/scripting/',
      'the gateway works without scripts',
    ),
    lower(
      'the-script-host-is-on-its-own',
      '^core/scripting/host/',
      '^(plugins/|core/(?!clock\\.ts|scripting/(host/|wire\\.ts)))',
      'what runs in the other process is small, so that little can be attacked there',
    ),
    lower(
      'the-sandbox-is-on-its-own',
      '^core/scripting/sandbox/',
      '^(plugins/|core/(?!scripting/sandbox/))',
      'there is nothing but the engine around it',
    ),
    lower('only-the-cli-on-top', '^core/(?!cli)', '^core/cli', 'nothing depends on the command line'),
    {
      name: 'composition-root-alone-knows-the-built-in-plugins',
      severity: 'error',
      from: { path: '^core/(?!builtin-plugins\\.ts|cli/)' },
      to: { path: '^plugins/' },
    },
    {
      name: 'no-dev-dependencies',
      comment: 'what ships must be installable without development dependencies',
      severity: 'error',
      from: { path: '^(core|plugins)/' },
      to: { dependencyTypes: ['npm-dev'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    parser: 'swc',
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types'] },
  },
};
