/** The API's description and the interactive pages made of it; both answer without a token. */
import express, { type Router } from 'express';
import helmet from 'helmet';
import swagger from 'swagger-ui-express';
import { openApiDocument } from './openapi.js';

/** Routes `/openapi.json` and `/docs`. */
export function descriptionRoutes(memberId: string, isPublic: boolean): Router {
  const router = express.Router();
  // Made when first asked for: it would slow the start of eighteen gateways in one process.
  let document: Buffer | undefined;
  router.get('/openapi.json', (_request, response) => {
    document ??= Buffer.from(JSON.stringify(openApiDocument(memberId, isPublic)));
    response.type('application/json').send(document);
  });
  // The pages bring their styles inline and their icons as data; scripts come from here alone.
  const security = helmet.contentSecurityPolicy({
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'", "'unsafe-inline'"],
      imgSrc: ["'self'", 'data:'],
      connectSrc: ["'self'"],
      baseUri: ["'none'"],
      formAction: ["'none'"],
      frameAncestors: ["'none'"],
    },
  });
  const page = swagger.setup(undefined, {
    swaggerUrl: '/openapi.json',
    customSiteTitle: 'Umlauf',
    // Without it the pages would send the description to a public validator.
    swaggerOptions: { validatorUrl: null },
  });
  router.use('/docs', security, ...swagger.serve, page);
  return router;
}
