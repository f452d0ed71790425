import { Consortium } from '../consortium/consortium.js';
import type { ConsortiumEvents } from '../consortium/events.js';
import { takeGenesis } from '../consortium/genesis-exchange.js';
import { engineStarter } from '../engines/engines.js';
import { killLeftovers } from '../engines/fabric/leftovers.js';
import { openHome } from '../home/home.js';
import { interruption } from './interruption.js';
import { describeOtherCode } from './run-chaincode.js';
import { tellPeople, tellScripts } from './tell-start.js';
import { settle, type RunOptions } from './settle.js';

export interface StartOptions extends RunOptions {
  /** One JSON object a line: each step, alarm and joining, what is up, and that it has stopped. */
  readonly json?: boolean;
}

/** Brings the consortium up and keeps it running until a signal asks to stop. */
export async function start(options: StartOptions): Promise<void> {
  const { engine, description, manual, homeOptions } = await settle(options);
  const { orderers } = options;
  const home = openHome(options.home, homeOptions);
  const interrupted = interruption(() => killLeftovers(home)); // none on the embedded network
  const tell = options.json === true ? tellScripts : tellPeople(options.home);
  let up = false;
  try {
    const starter = await engineStarter(engine, orderers === undefined ? {} : { orderers });
    const events: ConsortiumEvents = {
      step: (text, transactionId) => tell({ step: text, transactionId }),
      joined: (gateway) => {
        if (up) tell({ joined: gateway });
      },
      waits: (text) => tell({ waitsFor: text }),
      alarm: (text) => tell({ alarm: text }),
    };
    if (options.genesis !== undefined) await takeGenesis(home, description, options.genesis);
    const { signal } = interrupted;
    const consortium = await Consortium.start(home, description, starter, events, { manual, signal });
    const otherCode = describeOtherCode(await consortium.engine.chaincode());
    if (otherCode !== undefined) tell({ notice: otherCode });
    tell({ up: consortium.gateways, endpoints: home.path('endpoints.json') });
    up = true;
    await interrupted.requested;
    tell({ stopping: true });
    await consortium.stop();
    tell({ stopped: true });
  } finally {
    interrupted.release();
    home.close();
  }
}
