/** Every route that stands for a transaction of the chaincode. */
import type { Route } from '../route.js';
import { announcementRoutes } from './announcements.js';
import { cooperativeRoutes } from './cooperative.js';
import { documentRoutes } from './documents.js';
import { followUpRoutes } from './follow-up.js';
import { infrastructureRoutes } from './infrastructure.js';
import { memberRoutes } from './members.js';
import { projectRoutes } from './projects.js';
import { resolutionRoutes } from './resolutions.js';
import { serviceRoutes } from './services.js';

export const ROUTES: readonly Route[] = [
  ...memberRoutes,
  ...resolutionRoutes,
  ...followUpRoutes,
  ...projectRoutes,
  ...announcementRoutes,
  ...documentRoutes,
  ...serviceRoutes,
  ...infrastructureRoutes,
  ...cooperativeRoutes,
];
