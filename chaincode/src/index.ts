/** The chaincode: contracts over the rules in `domain/`. */
import { BylawsContract } from './contracts/bylaws';
import { FoundationsContract } from './contracts/foundations';
import { MembersContract } from './contracts/members';
import { ProjectsContract } from './contracts/projects';
import { ResolutionsContract } from './contracts/resolutions';
import { formatOnlyWhatIsShown } from './logging';

formatOnlyWhatIsShown();

/** What Fabric's chaincode launcher looks for. */
export const contracts = [
  FoundationsContract,
  BylawsContract,
  MembersContract,
  ResolutionsContract,
  ProjectsContract,
];
