/** The operations that every kind of resource has. */
type Reads<K extends string> = {
  readonly [Id in `${K}-list`]: Read<`/${K}`, `${K}:list`>;
} & { readonly [Id in `${K}-get`]: Read<`/${K}/{id}`, `${K}:get`> } & {
  readonly [Id in `${K}-history`]: Read<`/${K}/{id}/history`, `${K}:history`>;
};
interface Read<Path extends string, Transaction extends string> {
  readonly method: 'get';
  readonly path: Path;
  readonly transaction: Transaction;
}

const readsOf = <K extends string>(kind: K) =>
  ({
    [`${kind}-list`]: { method: 'get', path: `/${kind}`, transaction: `${kind}:list` },
    [`${kind}-get`]: { method: 'get', path: `/${kind}/{id}`, transaction: `${kind}:get` },
    [`${kind}-history`]: { method: 'get', path: `/${kind}/{id}/history`, transaction: `${kind}:history` },
  }) as Reads<K>;

const PARTICIPATION = '/projects/{project}/participations/{member}/{role}';
const USE = '/services/{service}/uses/{member}';

/**
 * Every operation of the REST interface, by the id that its OpenAPI document gives it. A test of the gateway compares both:
 * an operation that is missing here, or another one there, fails it.
 *
 * `transaction` is the contract's transaction whose schemas say what the operation takes and answers; `answers` the one
 * that says what it answers, where that is another one; `body` the field of the input that is the request's body, where that
 * isn't all of it but the `id`. What has no `transaction` is the gateway's own, see {@link ./shapes.ts}.
 */
export const OPERATIONS = {
  ...readsOf('members'),
  'members-apply': { method: 'post', path: '/members', transaction: 'members:apply' },
  'members-withdraw': { method: 'post', path: '/members/{id}/withdraw', transaction: 'members:withdraw' },
  'members-change': { method: 'patch', path: '/members/{id}', transaction: 'members:change', body: 'change' },
  'members-confirmJoined': {
    method: 'post',
    path: '/members/{id}/joined',
    transaction: 'members:confirmJoined',
    answers: 'members:get',
  },
  'members-resign': {
    method: 'post',
    path: '/members/{id}/resignation',
    transaction: 'members:resign',
    answers: 'members:get',
  },
  'members-receive': {
    method: 'post',
    path: '/members/{id}/receipt',
    transaction: 'members:receive',
    answers: 'members:get',
  },
  'members-completeEnding': {
    method: 'post',
    path: '/members/{id}/end',
    transaction: 'members:completeEnding',
    answers: 'members:get',
  },
  ...readsOf('resolutions'),
  'resolutions-ballots': {
    method: 'get',
    path: '/resolutions/{id}/ballots',
    transaction: 'resolutions:ballots',
  },
  'resolutions-ballot': {
    method: 'get',
    path: '/resolutions/{id}/ballot',
    transaction: 'resolutions:ballot',
  },
  'resolutions-propose': { method: 'post', path: '/resolutions', transaction: 'resolutions:propose' },
  'resolutions-receive': {
    method: 'post',
    path: '/resolutions/{id}/receipt',
    transaction: 'resolutions:receive',
  },
  'resolutions-open': { method: 'post', path: '/resolutions/{id}/open', transaction: 'resolutions:open' },
  'resolutions-withdraw': {
    method: 'post',
    path: '/resolutions/{id}/withdraw',
    transaction: 'resolutions:withdraw',
  },
  'resolutions-vote': { method: 'put', path: '/resolutions/{id}/ballot', transaction: 'resolutions:vote' },
  'resolutions-decide': {
    method: 'post',
    path: '/resolutions/{id}/decide',
    transaction: 'resolutions:decide',
  },
  'resolutions-finding': {
    method: 'post',
    path: '/resolutions/{id}/finding',
    transaction: 'resolutions:finding',
  },
  'resolutions-register': {
    method: 'post',
    path: '/resolutions/{id}/registration',
    transaction: 'resolutions:register',
  },
  'resolutions-dispatch': {
    method: 'post',
    path: '/resolutions/{id}/dispatch',
    transaction: 'resolutions:dispatch',
  },
  ...readsOf('announcements'),
  'announcements-draft': { method: 'post', path: '/announcements', transaction: 'announcements:draft' },
  'announcements-withdraw': {
    method: 'post',
    path: '/announcements/{id}/withdraw',
    transaction: 'announcements:withdraw',
  },
  'announcements-release': {
    method: 'post',
    path: '/announcements/{id}/release',
    transaction: 'announcements:release',
  },
  ...readsOf('documents'),
  'documents-share': { method: 'post', path: '/documents', transaction: 'documents:share' },
  'bylaws-get': { method: 'get', path: '/bylaws', transaction: 'bylaws:get' },
  'members-openPoints': { method: 'get', path: '/open-points', transaction: 'members:openPoints' },
  'foundations-list': { method: 'get', path: '/foundations', transaction: 'foundations:list' },
  'foundations-get': { method: 'get', path: '/foundations/{sha256}', transaction: 'foundations:get' },
  'foundations-submit': { method: 'post', path: '/foundations', transaction: 'foundations:submit' },
  'foundations-confirm': {
    method: 'post',
    path: '/foundations/{sha256}/confirm',
    transaction: 'foundations:confirm',
  },
  ...readsOf('projects'),
  'projects-propose': { method: 'post', path: '/projects', transaction: 'projects:propose' },
  'projects-accept': { method: 'post', path: '/projects/{id}/accept', transaction: 'projects:accept' },
  'projects-advance': { method: 'post', path: '/projects/{id}/phases', transaction: 'projects:advance' },
  'projects-participations': {
    method: 'get',
    path: '/participations',
    transaction: 'projects:participations',
  },
  'projects-participation': {
    method: 'get',
    path: PARTICIPATION,
    transaction: 'projects:participation',
  },
  'projects-proposeParticipation': {
    method: 'put',
    path: PARTICIPATION,
    transaction: 'projects:proposeParticipation',
  },
  'projects-acceptParticipation': {
    method: 'post',
    path: `${PARTICIPATION}/accept`,
    transaction: 'projects:acceptParticipation',
  },
  'projects-declineParticipation': {
    method: 'post',
    path: `${PARTICIPATION}/decline`,
    transaction: 'projects:declineParticipation',
  },
  'projects-endParticipation': {
    method: 'post',
    path: `${PARTICIPATION}/end`,
    transaction: 'projects:endParticipation',
  },
  ...readsOf('services'),
  'services-offer': { method: 'post', path: '/services', transaction: 'services:offer' },
  'services-change': { method: 'patch', path: '/services/{id}', transaction: 'services:change' },
  'services-advance': { method: 'post', path: '/services/{id}/steps', transaction: 'services:advance' },
  'services-announceWithdrawal': {
    method: 'post',
    path: '/services/{id}/withdrawal-notice',
    transaction: 'services:announceWithdrawal',
  },
  'services-withdraw': { method: 'post', path: '/services/{id}/withdraw', transaction: 'services:withdraw' },
  'services-uses': { method: 'get', path: '/uses', transaction: 'services:uses' },
  'services-use': { method: 'get', path: USE, transaction: 'services:use' },
  'services-proposeUse': {
    method: 'put',
    path: USE,
    transaction: 'services:proposeUse',
  },
  'services-acceptUse': {
    method: 'post',
    path: `${USE}/accept`,
    transaction: 'services:acceptUse',
  },
  'services-declineUse': {
    method: 'post',
    path: `${USE}/decline`,
    transaction: 'services:declineUse',
  },
  'services-endUse': {
    method: 'post',
    path: `${USE}/end`,
    transaction: 'services:endUse',
  },
  ...readsOf('sites'),
  'sites-declare': { method: 'post', path: '/sites', transaction: 'sites:declare' },
  'sites-change': { method: 'patch', path: '/sites/{id}', transaction: 'sites:change', body: 'change' },
  'sites-end': { method: 'post', path: '/sites/{id}/end', transaction: 'sites:end' },
  ...readsOf('nodes'),
  'nodes-declare': { method: 'post', path: '/nodes', transaction: 'nodes:declare' },
  'nodes-change': { method: 'patch', path: '/nodes/{id}', transaction: 'nodes:change', body: 'change' },
  'nodes-end': { method: 'post', path: '/nodes/{id}/end', transaction: 'nodes:end' },
  'infrastructure-list': { method: 'get', path: '/infrastructure' },
  'transactions-get': { method: 'get', path: '/transactions/{id}' },
  'transactions-prepare': { method: 'post', path: '/transactions/prepare' },
  'transactions-endorse': { method: 'post', path: '/transactions/endorse' },
  'transactions-submit': { method: 'post', path: '/transactions/submit' },
  'webhooks-list': { method: 'get', path: '/webhooks' },
  'webhooks-deadLetters': { method: 'get', path: '/webhooks/{id}/dead-letters' },
  'webhooks-replay': { method: 'post', path: '/webhooks/{id}/dead-letters/replay' },
  'events-read': { method: 'get', path: '/events' },
  'health-live': { method: 'get', path: '/health/live' },
  'health-ready': { method: 'get', path: '/health/ready' },
} as const;
