/** Path that the API's routes stand below. */
export const API_BASE = '/api/v1';
/** Path that what the public reads stands below. */
export const PUBLIC_BASE = '/public';
