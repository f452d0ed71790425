/** What an OpenAPI document says, as far as requests are made from it and answers are held to it. */
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import ajvFormats from 'ajv-formats';

export type JsonSchema = Readonly<Record<string, unknown>>;

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly schema: JsonSchema;
}

export interface DocumentedAnswer {
  readonly headers?: Readonly<Record<string, { readonly schema: JsonSchema }>>;
  readonly content?: Readonly<Record<string, { readonly schema: JsonSchema; readonly examples?: object }>>;
}

/** One method of one path. */
export interface Operation {
  /** In capitals. */
  readonly method: string;
  /** With parameters as `{name}`. */
  readonly path: string;
  readonly secured: boolean;
  readonly parameters: readonly Parameter[];
  readonly body?: JsonSchema;
  /** Whether the body may not be left out. */
  readonly bodyRequired: boolean;
  readonly bodyExample?: unknown;
  readonly responses: Readonly<Record<string, DocumentedAnswer>>;
}

interface PathItem {
  readonly security?: readonly unknown[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: {
    readonly required?: boolean;
    readonly content: { 'application/json': { schema: JsonSchema; example?: unknown } };
  };
  readonly responses: Readonly<Record<string, DocumentedAnswer>>;
}

interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, PathItem>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>> };
}

function operationOf(path: string, method: string, item: PathItem): Operation {
  const body = item.requestBody?.content['application/json'];
  return {
    method: method.toUpperCase(),
    path,
    secured: item.security !== undefined,
    parameters: item.parameters ?? [],
    bodyRequired: item.requestBody?.required ?? false,
    ...(body === undefined ? {} : { body: body.schema, bodyExample: body.example }),
    responses: item.responses,
  };
}

const ROOT = 'urn:umlauf:api';
const COMPONENTS = `${ROOT}#/components/`;
const COMPONENT_SCHEMAS = `${COMPONENTS}schemas/`;

/** The schema that the document has under a name. */
export const component = (name: string): JsonSchema => ({ $ref: `${COMPONENT_SCHEMAS}${name}` });

/** An OpenAPI 3.1 document; its schemas are JSON Schema of 2020-12. */
export class ApiDocument {
  readonly operations: readonly Operation[];
  readonly #components: OpenApi['components'];
  readonly #ajv = new Ajv2020({ strict: false, allErrors: false });
  readonly #compiled = new Map<string, ValidateFunction>();

  constructor(document: unknown) {
    // Compiled once, and not again for each schema that refers to them.
    const { paths, components } = JSON.parse(
      JSON.stringify(document).replaceAll(`"#/components/`, `"${COMPONENTS}`),
    ) as OpenApi;
    this.#components = components;
    ajvFormats.default(this.#ajv);
    this.#ajv.addSchema({ $id: ROOT, components });
    this.operations = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, item]) => operationOf(path, method, item)),
    );
  }

  /** A schema that may be a reference. */
  resolved(schema: JsonSchema): JsonSchema {
    const { $ref } = schema;
    if (typeof $ref !== 'string') return schema;
    const found = this.#components.schemas[$ref.slice(COMPONENT_SCHEMAS.length)];
    if (!found) throw new Error(`the document has no ${$ref}`);
    return this.resolved(found);
  }

  /** What is wrong with a value; `undefined` if nothing is. */
  fault(schema: JsonSchema, value: unknown): string | undefined {
    const key = JSON.stringify(schema);
    const validate = this.#compiled.get(key) ?? this.#ajv.compile(schema);
    this.#compiled.set(key, validate);
    return validate(value) ? undefined : this.#ajv.errorsText(validate.errors);
  }
}
