/**
 * Writes to what belongs to one organization alone, and which reading transaction tells who must endorse them: its answer
 * carries `endorsements`, one for each owner. What can't be found yet is created under the channel's own policy.
 */
import type { EvaluateName, InputOf, SubmitName } from './transactions';

interface Question<R extends EvaluateName = EvaluateName> {
  readonly transaction: R;
  readonly input: InputOf<R>;
}
type Owned = { readonly [N in SubmitName]?: (input: InputOf<N>) => Question };

const project = ({ id }: { id: string }) => ({ transaction: 'projects:get', input: { id } }) as const;
const participation = ({ project, member, role }: InputOf<'projects:participation'>) =>
  ({ transaction: 'projects:participation', input: { project, member, role } }) as const;
const service = ({ id }: { id: string }) => ({ transaction: 'services:get', input: { id } }) as const;
const use = ({ service, member }: InputOf<'services:use'>) =>
  ({ transaction: 'services:use', input: { service, member } }) as const;

const site = ({ id }: { id: string }) => ({ transaction: 'sites:get', input: { id } }) as const;
const node = ({ id }: { id: string }) => ({ transaction: 'nodes:get', input: { id } }) as const;

const OWNED: Owned = {
  'projects:advance': project,
  'projects:proposeParticipation': participation,
  'projects:acceptParticipation': participation,
  'projects:declineParticipation': participation,
  'projects:endParticipation': participation,
  'services:change': service,
  'services:advance': service,
  'services:announceWithdrawal': service,
  'services:withdraw': service,
  'services:proposeUse': use,
  'services:acceptUse': use,
  'services:declineUse': use,
  'services:endUse': use,
  'sites:change': site,
  'sites:end': site,
  'nodes:change': node,
  'nodes:end': node,
};

/** @returns nothing for a write that the channel's policy suffices for. */
export function ownedBy(transaction: SubmitName, input: unknown): Question | undefined {
  return (OWNED[transaction] as ((input: unknown) => Question) | undefined)?.(input);
}
