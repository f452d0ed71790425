/** What the user can put right. The command line prints its message in one line and exits with 1. */
export class UserError extends Error {
  override readonly name = 'UserError';
}
