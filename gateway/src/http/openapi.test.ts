import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROBLEMS } from 'umlauf-chaincode/api';
import { startFakeGateway } from '../testing/fake-gateway.js';
import { ROUTES } from './routes/index.js';

interface Operation {
  readonly parameters?: { readonly name: string; readonly in: string }[];
  readonly requestBody?: unknown;
  readonly security?: unknown;
  readonly responses: Record<string, { readonly content: Record<string, { readonly examples?: object }> }>;
}
interface Document {
  readonly openapi: string;
  readonly info: { readonly description: string };
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { readonly schemas: Record<string, unknown> };
}

let gateway: Awaited<ReturnType<typeof startFakeGateway>>;
let document: Document;
beforeAll(async () => {
  gateway = await startFakeGateway();
  document = (await gateway.request('GET', '/openapi.json', { role: null })).body as unknown as Document;
});
afterAll(() => gateway.stop());

describe('/openapi.json', () => {
  it('is OpenAPI 3.1 and says that no natural person may be named', () => {
    expect(document.openapi).toBe('3.1.0');
    expect(document.info.description).toContain('No natural person may be named');
  });

  it('describes every route with its parameters and its body', () => {
    for (const route of ROUTES) {
      const operation = document.paths[`/api/v1${route.path}`]?.[route.method];
      const named = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const parameters = operation?.parameters ?? [];
      expect(parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name)).toEqual(
        named,
      );
      expect(parameters.map(({ name }) => name)).toContain('Min-Block');
      expect(operation?.requestBody !== undefined).toBe(route.kind === 'write' && route.body !== undefined);
      expect(operation?.security).toEqual([{ bearer: [] }]);
    }
  });

  it('names the problems of each status, all of the registry, under their own status', () => {
    for (const operations of Object.values(document.paths))
      for (const { responses } of Object.values(operations))
        for (const [status, { content = {} }] of Object.entries(responses))
          for (const code of Object.keys(content['application/problem+json']?.examples ?? {}))
            expect(PROBLEMS[code as keyof typeof PROBLEMS].status).toBe(Number(status));
  });

  it('has every reference that it makes', () => {
    const references = JSON.stringify(document).matchAll(/"#\/components\/schemas\/([^"]+)"/g);
    const missing = [...references]
      .map(([, name]) => name!)
      .filter((name) => !(name in document.components.schemas));
    expect(missing).toEqual([]);
  });

  it('gives each operation an id of its own', () => {
    const ids = JSON.stringify(document).match(/"operationId":"[^"]+"/g) ?? [];
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('examples', () => {
  it.each(ROUTES.flatMap((route) => (route.kind === 'write' && route.body ? [route] : [])))(
    'the one of $method $path is valid',
    ({ body, example }) => {
      expect(body?.safeParse(example)).toMatchObject({ success: true });
    },
  );
});

describe('/docs', () => {
  const get = (path: string) => fetch(gateway.url + path);

  it('shows the description with scripts from here alone', async () => {
    const page = await get('/docs/');
    expect(page.status).toBe(200);
    const policy = page.headers.get('content-security-policy');
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("default-src 'none'");
    const html = await page.text();
    expect(html).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
    expect(html).not.toMatch(/<script>(?!\s*<)/);
    for (const [, path] of html.matchAll(/(?:src|href)="\.\/([^"]+)"/g))
      expect((await get(`/docs/${path!}`)).status).toBe(200);
  });

  it('finds the description and asks no public validator', async () => {
    const script = await (await get('/docs/swagger-ui-init.js')).text();
    expect(script).toContain('/openapi.json');
    expect(script).toMatch(/"validatorUrl":\s*null/);
  });

  it('is found without the slash at its end', async () => {
    const page = await get('/docs');
    expect(page.status).toBe(200);
    expect(page.url).toBe(`${gateway.url}/docs/`);
  });
});
