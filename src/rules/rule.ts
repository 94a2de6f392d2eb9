/** A Kubernetes object as plain data: synthesized, or read from a file. Nothing in it is trusted to have its type. */
export interface Document {
  readonly apiVersion?: unknown;
  readonly kind?: unknown;
  readonly metadata?: unknown;
  readonly spec?: unknown;
}

/** How bad it is: an error fails on the cluster or is insecure, a warning works but not as most people think. */
export type Severity = 'error' | 'warning';

/** What a rule found in one document. */
export interface Finding<D extends Document = Document> {
  readonly document: D;
  /** A JSON pointer (RFC 6901) to the place in the document. */
  readonly path: string;
  readonly message: string;
  /** Where it differs from the rule's own. */
  readonly severity?: Severity;
}

/** One judgement over the documents of one cluster. */
export interface Rule {
  /** Public; its meaning never changes. */
  readonly id: string;
  readonly severity: Severity;
  /** What the rule finds, as a phrase. */
  readonly title: string;
  /** What happens on the cluster otherwise. */
  readonly why: string;
  /** What to do. */
  readonly fix: string;
  /** The vendor's page. */
  readonly docs: string;
  /** Judges all documents in one pass, linear in their number. */
  check<D extends Document>(documents: readonly D[]): Iterable<Finding<D>>;
}
