/**
 * Every operation of the REST interface, by the id that its OpenAPI document gives it. A test of the gateway compares both:
 * an operation that is missing here, or another one there, fails it.
 *
 * `transaction` is the contract's transaction whose schemas say what the operation takes and answers; `answers` the one
 * that says what it answers, where that is another one; `body` the field of the input that is the request's body, where that
 * isn't all of it but the `id`. What has no `transaction` is the gateway's own, see {@link ./shapes.ts}.
 */
export const OPERATIONS = {
  'members-list': { method: 'get', path: '/members', transaction: 'members:list' },
  'members-get': { method: 'get', path: '/members/{id}', transaction: 'members:get' },
  'members-history': { method: 'get', path: '/members/{id}/history', transaction: 'members:history' },
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
  'resolutions-list': { method: 'get', path: '/resolutions', transaction: 'resolutions:list' },
  'resolutions-get': { method: 'get', path: '/resolutions/{id}', transaction: 'resolutions:get' },
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
  'resolutions-history': {
    method: 'get',
    path: '/resolutions/{id}/history',
    transaction: 'resolutions:history',
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
  'announcements-list': { method: 'get', path: '/announcements', transaction: 'announcements:list' },
  'announcements-get': { method: 'get', path: '/announcements/{id}', transaction: 'announcements:get' },
  'announcements-history': {
    method: 'get',
    path: '/announcements/{id}/history',
    transaction: 'announcements:history',
  },
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
  'documents-list': { method: 'get', path: '/documents', transaction: 'documents:list' },
  'documents-get': { method: 'get', path: '/documents/{id}', transaction: 'documents:get' },
  'documents-history': { method: 'get', path: '/documents/{id}/history', transaction: 'documents:history' },
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
  'projects-list': { method: 'get', path: '/projects', transaction: 'projects:list' },
  'projects-get': { method: 'get', path: '/projects/{id}', transaction: 'projects:get' },
  'projects-history': { method: 'get', path: '/projects/{id}/history', transaction: 'projects:history' },
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
    path: '/projects/{project}/participations/{member}/{role}',
    transaction: 'projects:participation',
  },
  'projects-proposeParticipation': {
    method: 'put',
    path: '/projects/{project}/participations/{member}/{role}',
    transaction: 'projects:proposeParticipation',
  },
  'projects-acceptParticipation': {
    method: 'post',
    path: '/projects/{project}/participations/{member}/{role}/accept',
    transaction: 'projects:acceptParticipation',
  },
  'projects-declineParticipation': {
    method: 'post',
    path: '/projects/{project}/participations/{member}/{role}/decline',
    transaction: 'projects:declineParticipation',
  },
  'projects-endParticipation': {
    method: 'post',
    path: '/projects/{project}/participations/{member}/{role}/end',
    transaction: 'projects:endParticipation',
  },
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
