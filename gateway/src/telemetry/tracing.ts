/**
 * Traces from a request to its commit, sent to a collector by OTLP over HTTP.
 *
 * Several gateways may run in one process: nothing of OpenTelemetry's global state is used. The standard variables for
 * sampling, resources, headers and batches (`OTEL_TRACES_SAMPLER`, `OTEL_RESOURCE_ATTRIBUTES`, …) hold.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import {
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  defaultTextMapGetter,
  defaultTextMapSetter,
  trace,
  type Context,
  type Span,
} from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import type { IncomingHttpHeaders } from 'node:http';
import type { Logger } from 'pino';
import type { CheckedOptions } from '../options.js';
import { UNOBSERVED, type Observer } from './observer.js';
import type { AnsweredRequest } from './request.js';

/** A request that is traced. */
export interface TracedRequest {
  readonly traceId: string;
  /** Does something as part of it. */
  readonly run: (work: () => void) => void;
  readonly end: (answered: AnsweredRequest) => void;
}

export interface Tracing {
  /** Spans of the steps of traced requests; what nobody asked for has none. */
  readonly observer: Observer;
  /** Begins a request, in the trace that its headers name if they name one (W3C Trace Context). */
  readonly begin: (method: string, headers: IncomingHttpHeaders) => TracedRequest;
  /** The headers by which whoever is asked on behalf of the request under way can go on with its trace. */
  readonly headers: () => Readonly<Record<string, string>>;
  /** Sends what hasn't been sent. */
  readonly close: () => Promise<void>;
}

/** How long the last traces may take to be sent. */
const LAST_MS = 2_000;
const HEADERS = ['traceparent', 'tracestate'];

export function openTracing(settings: CheckedOptions['traces'], memberId: string, logger: Logger): Tracing {
  const exporter = new OTLPTraceExporter(settings?.endpoint === undefined ? {} : { url: settings.endpoint });
  const provider = new BasicTracerProvider({
    resource: defaultResource()
      .merge(resourceFromAttributes({ 'service.name': 'umlauf-gateway', 'service.namespace': memberId }))
      .merge(detectResources({ detectors: [envDetector] })),
    spanProcessors: [new BatchSpanProcessor(exporter)],
  });
  const tracer = provider.getTracer('umlauf-gateway');
  const propagator = new W3CTraceContextPropagator();
  const current = new AsyncLocalStorage<Context>();

  const headers = (): Record<string, string> => {
    const context = current.getStore();
    const carrier: Record<string, string> = {};
    if (context) propagator.inject(context, carrier, defaultTextMapSetter);
    return carrier;
  };

  return {
    observer: {
      ...UNOBSERVED,
      step: async (step, work, about) => {
        const parent = current.getStore();
        if (!parent) return work();
        const span = tracer.startSpan(step, { attributes: about ?? {} }, parent);
        return current.run(trace.setSpan(parent, span), () => spanning(span, work));
      },
      retried: (reason) => {
        const context = current.getStore();
        if (context) trace.getSpan(context)?.addEvent('retry', { reason });
      },
    },
    begin: (method, given) => {
      const carrier = Object.fromEntries(HEADERS.map((name) => [name, given[name]]));
      const parent = propagator.extract(ROOT_CONTEXT, carrier, defaultTextMapGetter);
      const span = tracer.startSpan(method, { kind: SpanKind.SERVER }, parent);
      const context = trace.setSpan(parent, span);
      return {
        traceId: span.spanContext().traceId,
        run: (work) => current.run(context, work),
        end: ({ route, status, complete }) => {
          span.updateName(`${method} ${route}`);
          span.setAttributes({
            'http.request.method': method,
            'http.route': route,
            ...(complete ? { 'http.response.status_code': status } : {}),
          });
          if (status >= 500 || !complete) span.setStatus({ code: SpanStatusCode.ERROR });
          span.end();
        },
      };
    },
    headers,
    close: async () => {
      const sent = provider.shutdown().then(
        () => true,
        () => false,
      );
      // A collector that is away must not keep the gateway from ending.
      if (!(await Promise.race([sent, pause(LAST_MS, false)])))
        logger.warn('the last traces could not be sent');
    },
  };
}

async function spanning<T>(span: Span, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    // Its message may have been written by somebody else.
    span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.name : 'error' });
    throw error;
  } finally {
    span.end();
  }
}
