/** What performs each transaction: one table, for the contracts and for whoever performs an act again. */
import type { ParsedInputOf, TransactionName } from '../api/transactions';
import { draftAnnouncement } from './announcements/draft';
import { announcementHistory, listAnnouncements, listReleased, readAnnouncement } from './announcements/read';
import { releaseAnnouncement } from './announcements/release';
import { withdrawAnnouncement } from './announcements/withdraw';
import type { Call } from './call';
import { documentHistory, listDocuments, readDocument } from './documents/read';
import { shareDocument } from './documents/share';
import { confirmFoundation } from './foundations/confirm';
import { listFoundations, readFoundation } from './foundations/read';
import { submitFoundation } from './foundations/submit';
import { changeNode, changeSite } from './infrastructure/change';
import { declareNode } from './infrastructure/declare-node';
import { declareSite } from './infrastructure/declare-site';
import { endNode, endSite } from './infrastructure/end';
import { listNodes, listSites, nodeHistory, readNode, readSite, siteHistory } from './infrastructure/read';
import { apply } from './members/apply';
import { changeMember } from './members/change';
import { completeEnding } from './members/complete-ending';
import { confirmJoined } from './members/confirm-joined';
import { listMembers, memberHistory, readMember, whoAmI } from './members/read';
import { receiveResignation } from './members/receive-resignation';
import { resign } from './members/resign';
import { withdrawApplication } from './members/withdraw';
import { listOpenPoints } from './oversight/open-points';
import { acceptProject } from './projects/accept';
import { advanceProject } from './projects/advance';
import {
  acceptParticipation,
  declineParticipation,
  endParticipation,
  listParticipations,
  proposeParticipation,
  readParticipation,
} from './projects/participation';
import { proposeProject } from './projects/propose';
import { listProjects, projectHistory, readProject } from './projects/read';
import { readBylaws } from './register/read-bylaws';
import { decide } from './resolutions/decide';
import { open } from './resolutions/open';
import { propose } from './resolutions/propose';
import {
  listBallots,
  listResolutions,
  readBallot,
  readResolution,
  resolutionHistory,
} from './resolutions/read';
import { receive } from './resolutions/receive';
import { recordDispatch } from './resolutions/record-dispatch';
import { recordFinding } from './resolutions/record-finding';
import { registerAmendment } from './resolutions/register-amendment';
import { vote } from './resolutions/vote';
import { withdrawResolution } from './resolutions/withdraw';
import { advanceService } from './services/advance';
import { changeService } from './services/change';
import { offerService } from './services/offer';
import { listServices, readService, serviceHistory } from './services/read';
import { acceptUse, declineUse, endUse, listUses, proposeUse, readUse } from './services/uses';
import { announceWithdrawal, withdrawService } from './services/withdraw';

type Act<N extends TransactionName> = (call: Call, input: ParsedInputOf<N>) => Promise<unknown>;

const ACT_OF: { readonly [N in TransactionName]: Act<N> } = {
  'foundations:submit': submitFoundation,
  'foundations:confirm': confirmFoundation,
  'foundations:get': readFoundation,
  'foundations:list': listFoundations,

  'bylaws:get': readBylaws,

  'members:apply': apply,
  'members:withdraw': withdrawApplication,
  'members:change': changeMember,
  'members:confirmJoined': confirmJoined,
  'members:resign': resign,
  'members:receive': receiveResignation,
  'members:completeEnding': completeEnding,
  'members:get': readMember,
  'members:list': listMembers,
  'members:history': memberHistory,
  'members:openPoints': listOpenPoints,
  'members:whoAmI': whoAmI,

  'resolutions:propose': propose,
  'resolutions:receive': receive,
  'resolutions:open': open,
  'resolutions:withdraw': withdrawResolution,
  'resolutions:vote': vote,
  'resolutions:decide': decide,
  'resolutions:finding': recordFinding,
  'resolutions:register': registerAmendment,
  'resolutions:dispatch': recordDispatch,
  'resolutions:get': readResolution,
  'resolutions:list': listResolutions,
  'resolutions:ballot': readBallot,
  'resolutions:ballots': listBallots,
  'resolutions:history': resolutionHistory,

  'projects:propose': proposeProject,
  'projects:accept': acceptProject,
  'projects:advance': advanceProject,
  'projects:proposeParticipation': proposeParticipation,
  'projects:acceptParticipation': acceptParticipation,
  'projects:declineParticipation': declineParticipation,
  'projects:endParticipation': endParticipation,
  'projects:get': readProject,
  'projects:list': listProjects,
  'projects:history': projectHistory,
  'projects:participation': readParticipation,
  'projects:participations': listParticipations,

  'documents:share': shareDocument,
  'documents:get': readDocument,
  'documents:list': listDocuments,
  'documents:history': documentHistory,

  'announcements:draft': draftAnnouncement,
  'announcements:withdraw': withdrawAnnouncement,
  'announcements:release': releaseAnnouncement,
  'announcements:get': readAnnouncement,
  'announcements:list': listAnnouncements,
  'announcements:released': listReleased,
  'announcements:history': announcementHistory,

  'services:offer': offerService,
  'services:change': changeService,
  'services:advance': advanceService,
  'services:announceWithdrawal': announceWithdrawal,
  'services:withdraw': withdrawService,
  'services:proposeUse': proposeUse,
  'services:acceptUse': acceptUse,
  'services:declineUse': declineUse,
  'services:endUse': endUse,
  'services:get': readService,
  'services:list': listServices,
  'services:history': serviceHistory,
  'services:use': readUse,
  'services:uses': listUses,

  'sites:declare': declareSite,
  'sites:change': changeSite,
  'sites:end': endSite,
  'sites:get': readSite,
  'sites:list': listSites,
  'sites:history': siteHistory,

  'nodes:declare': declareNode,
  'nodes:change': changeNode,
  'nodes:end': endNode,
  'nodes:get': readNode,
  'nodes:list': listNodes,
  'nodes:history': nodeHistory,
};

/**
 * Performs a transaction: reads and writes the call's ledger, tells its facts, and answers its result.
 *
 * @throws {DomainError} where the rules refuse it
 */
export function perform<N extends TransactionName>(
  name: N,
  call: Call,
  input: ParsedInputOf<N>,
): Promise<unknown> {
  return ACT_OF[name](call, input);
}
