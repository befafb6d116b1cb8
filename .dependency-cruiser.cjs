// The doors of the house. Each rule says who may not walk where, and why.
const pureRooms = '^server/engine/(raft|replication|controller|coordinator)/|^server/supervisor/lifecycle\\.ts';
const tests = '\\.(test|spec)\\.tsx?$|/testing/|^e2e/|^bench/|^scripts/';
const rule = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

module.exports = {
  forbidden: [
    rule(
      'no-cycles',
      'Doors open one way: a cycle means that two rooms are one.',
      {},
      { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    ),
    rule(
      'base-is-the-ground',
      'base holds what everybody stands on, so it can stand on nothing.',
      { path: '^server/engine/base/', pathNot: tests },
      { pathNot: '^server/engine/base/' },
    ),
    rule(
      'engine-is-closed',
      'The engine must run without the console: it imports nothing from outside itself.',
      { path: '^server/engine/', pathNot: tests },
      { path: '^(app|components|prisma|server/(?!engine/))' },
    ),
    rule(
      'only-shells-touch-node',
      'Time, disk, network and randomness come in through world/ports, or the simulation would lie.',
      { path: '^server/engine/', pathNot: `^server/engine/(world/node/|broker/main\\.ts|sim/run\\.ts|conformance/)|${tests}` },
      { dependencyTypes: ['core'] },
    ),
    rule(
      'pure-rooms-decide',
      'Pure rooms take inputs and give effects; with storage, world or broker in reach they would act.',
      { path: pureRooms, pathNot: tests },
      { path: '^server/engine/(world|storage|broker|client|trace/(?!events))|^server/(api|cluster|db|messages)' },
    ),
    rule(
      'storage-keeps-bytes',
      'Storage knows files and batches, not who leads or which request it serves.',
      { path: '^server/engine/storage/', pathNot: tests },
      { path: '^server/engine/(broker|raft|replication|controller|coordinator|client)/' },
    ),
    rule(
      'broker-has-one-door',
      'Of the broker others may only start it, read its config types and work out its addresses.',
      { path: '^server/', pathNot: `^server/engine/(broker|sim|conformance)/|${tests}` },
      { path: '^server/engine/broker/(?!main\\.ts|config\\.ts|config-error\\.ts|listeners\\.ts)' },
    ),
    rule(
      'handlers-stay-thin',
      'A handler calls one room and shapes the answer; it does not call another handler, storage or sockets.',
      { path: '^server/engine/broker/handlers/\\d\\d-', pathNot: tests },
      { path: '^server/engine/(broker/handlers/\\d\\d-|storage/|world/node)' },
    ),
    rule(
      'client-is-light',
      'The wire client is shared by brokers and console, so it drags neither along.',
      { path: '^server/engine/client/', pathNot: tests },
      { path: '^server/engine/(broker|storage|raft|replication|controller|coordinator)/' },
    ),
    rule(
      'port-is-plain',
      'The domain types must not depend on how they are served or stored.',
      { path: '^server/cluster/(port|[a-z]+-model)\\.ts' },
      { pathNot: '^server/(engine/(base|trace)/|cluster/[^/]+\\.ts)' },
    ),
    rule(
      'adapters-speak-the-wire',
      'The console is a Kafka client: adapters may not look inside the broker.',
      { path: '^server/(cluster/(kafka|embedded)|messages)/', pathNot: tests },
      { path: '^server/engine/(broker|storage|raft|replication|controller|coordinator)/' },
    ),
    rule(
      'api-calls-the-port',
      'Routers know domain types only; neither engine nor supervisor.',
      { path: '^server/api/', pathNot: tests },
      { path: '^server/(engine|supervisor)/' },
    ),
    rule(
      'screens-import-types',
      'The browser gets no server code: only types, and the schemas that forms share.',
      { path: '^(app|components)/', pathNot: `^app/api/|${tests}` },
      { path: '^server/(?!api/schemas/)', dependencyTypesNot: ['type-only'] },
    ),
    rule(
      'ui-knows-no-kafka',
      'Primitives and charts are used by every feature, so they know none.',
      { path: '^components/(ui|charts)/', pathNot: tests },
      { path: '^(server|components/(?!(ui|charts)/))|@trpc' },
    ),
    rule(
      'features-stand-alone',
      'A feature that imports another can not be changed alone.',
      { path: '^components/([^/]+)/', pathNot: `^components/(ui|charts|shell)/|${tests}` },
      { path: '^components/([^/]+)/', pathNot: '^components/(ui|charts|shell|$1)/' },
    ),
    rule(
      'db-is-the-only-prisma',
      'One room knows how things are stored.',
      { path: '^(app|components|server)/', pathNot: `^server/db/|${tests}` },
      { path: '^prisma/generated|@prisma/' },
    ),
    rule(
      'no-tests-in-code',
      'Tests are read by people and runners, never by the product.',
      { pathNot: tests },
      { path: '\\.(test|spec)\\.tsx?$' },
    ),
    rule(
      'no-dev-dependencies',
      'What the product needs must be installed with it.',
      { path: '^(app|components|server)/', pathNot: `${tests}|^server/engine/conformance/` },
      { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    ),
    rule(
      'no-orphans',
      'A file that nobody imports is dead or forgotten.',
      {
        orphan: true,
        pathNot: `${tests}|\\.d\\.ts$|^app/|\\.config\\.(ts|cjs|mjs)$|^instrumentation(-client)?\\.ts|/(main|run|producer|consumer|console-process)\\.ts$`,
      },
      {},
    ),
  ],
  options: {
    parser: 'swc',
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(\\.next|prisma/generated|artefacts|data)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.css'],
    },
  },
};
