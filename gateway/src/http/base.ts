/** Path that the API's routes stand below. */
export const API_BASE = '/api/v1';
