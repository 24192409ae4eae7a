/** What @lobby/discovery/testing offers: a cluster in memory, for the tests of services that live in one. */
export { TestClient } from './test-client.ts';
export { TestCluster } from './test-cluster.ts';
export { TestNode } from './test-node.ts';

export type { Heard } from './test-client.ts';
