import { IConstruct } from 'constructs';
import { validateApp } from '../../synthesis/manifests';

/**
 * Has a construct that writes the objects of another app say at its own synthesis what the synthesis of that app would have said, which
 * may never run. Warnings are those of the other app, which tells each once.
 *
 * @param reader the construct
 * @param scope a construct in the app that it reads
 * @param filledInByRhacm whether it brings templates of the hub to where they are filled in
 */
export function judgeAppOf(reader: IConstruct, scope: IConstruct, filledInByRhacm: boolean): void {
  reader.node.addValidation({
    validate: () => reader.node.root === scope.node.root ? [] : validateApp(scope, { filledInByRhacm }),
  });
}
