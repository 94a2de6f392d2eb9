import { ApiObject } from 'cdk8s';

/** The annotations of an object, as they are set so far. */
export function annotationsOf(object: ApiObject): { readonly [name: string]: string } {
  return (object.toJson().metadata as { annotations?: { [name: string]: string } } | undefined)?.annotations ?? {};
}

/** Annotates an object, but never over what the user set. */
export function annotate(object: ApiObject, annotations: { readonly [name: string]: string }): void {
  const own = annotationsOf(object);
  for (const [name, value] of Object.entries(annotations)) if (!Object.hasOwn(own, name)) object.metadata.addAnnotation(name, value);
}
