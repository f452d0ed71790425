// The thread in which the gateways run; see src/consortium/gateways-thread.ts.
import '../dist/consortium/gateways-worker.js';
