/** Who may import whom. */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'domain-is-pure',
      comment: 'The rules of the cooperative know neither Fabric nor HTTP.',
      severity: 'error',
      from: { path: '^chaincode/src/(domain|api)/', pathNot: '\\.test\\.ts$' },
      to: { path: ['fabric-', '@hyperledger', '@grpc', 'node_modules/express', '^chaincode/src/contracts'] },
    },
    {
      name: 'gateway-uses-published-chaincode-types-only',
      severity: 'error',
      from: { path: '^(gateway|network)/' },
      to: { path: '^chaincode/(src|dist)/', pathNot: '^chaincode/(src|dist)/(api/|index\\.)' },
    },
    {
      name: 'embedded-knows-no-contract',
      comment: 'The embedded network runs any chaincode.',
      severity: 'error',
      from: { path: '^network/(embedded|channel)/' },
      to: { path: '^(chaincode|gateway)/|^network/src/' },
    },
    {
      name: 'client-runs-in-browsers',
      comment: 'Of others it takes types alone, and the curve.',
      severity: 'error',
      from: { path: '^gateway/client/src/', pathNot: ['\\.test\\.ts$', '/testing/'] },
      to: {
        pathNot: ['^gateway/client/src/', 'node_modules/@noble/curves/'],
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'gateway-knows-no-network',
      severity: 'error',
      from: { path: '^gateway/' },
      to: { path: '^network/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules|dist' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: require('node:path').join(__dirname, 'tsconfig.check.json') },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
