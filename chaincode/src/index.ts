/** The chaincode: contracts over the rules in `domain/`. */
import { AnnouncementsContract } from './contracts/announcements';
import { BylawsContract } from './contracts/bylaws';
import { DocumentsContract } from './contracts/documents';
import { FoundationsContract } from './contracts/foundations';
import { MembersContract } from './contracts/members';
import { NodesContract } from './contracts/nodes';
import { ProjectsContract } from './contracts/projects';
import { ResolutionsContract } from './contracts/resolutions';
import { ServicesContract } from './contracts/services';
import { SitesContract } from './contracts/sites';
import { formatOnlyWhatIsShown } from './logging';

formatOnlyWhatIsShown();

/** What Fabric's chaincode launcher looks for. */
export const contracts = [
  FoundationsContract,
  BylawsContract,
  MembersContract,
  ResolutionsContract,
  ProjectsContract,
  DocumentsContract,
  AnnouncementsContract,
  ServicesContract,
  SitesContract,
  NodesContract,
];
