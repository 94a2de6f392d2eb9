import { ApiObject } from 'cdk8s';
import { IConstruct } from 'constructs';

/**
 * Refuses, at synthesis, what is added to a scope after it has been read: it would be missing in what was made from it.
 *
 * @param scope what was read
 * @param reader who read it, as the message calls it
 */
export function seal(scope: IConstruct, reader: string): void {
  const objects = () => scope.node.findAll().filter(ApiObject.isApiObject);
  const known = new Set<IConstruct>(objects());
  scope.node.addValidation({
    validate: () => objects().filter((object) => !known.has(object)).map(({ node }) => (
      `${node.path} came after ${reader}, which does not know it: call it last, before app.synth()`)),
  });
}
