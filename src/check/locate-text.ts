import type { Place } from './locate';
import { NodeBudget } from './node-budget';
import { readText, YamlDocument } from './yaml-file';
import type { TextPlace } from '../documents/subjects';
import type { ObjectFinding } from '../rules';

/** Finds the places of findings: also those inside texts of a document, whose lines it reads again where one has a finding. */
export class PlaceFinder {
  private readonly texts = new Map<string, readonly YamlDocument[]>();
  private readonly budget = new NodeBudget();

  /** The place of a finding in the file: its own line where a text has lines of its own there, and the field otherwise. */
  public find(document: YamlDocument, { subject, pointer, innerPointer }: ObjectFinding, atKey: boolean): Place {
    return (subject.text && this.inText(document, subject.text, innerPointer, atKey)) ?? document.locate(pointer, atKey);
  }

  private inText(document: YamlDocument, text: TextPlace, pointer: string, atKey: boolean): Place | undefined {
    if (!text.verbatim) return undefined;
    const block = text.within ? this.inText(document, text.within, text.pointer, false) : document.locate(text.pointer, false);
    if (!block?.literal || !block.value) return undefined;
    const inner = this.documentsOf(text)[text.index];
    const { offset, value, literal } = inner.locate(pointer, atKey);
    const { file } = document;
    const firstLine = file.position(block.value[0]).line + 1;
    const move = (innerOffset: number) => {
      const { line, column } = inner.file.position(innerOffset);
      const [own, outer] = [inner.file.line(line), file.line(firstLine + line - 1)];
      // Where a template stood in the line, its columns are others.
      return file.offset(firstLine + line - 1, outer.endsWith(own) ? outer.length - own.length + column : outer.search(/\S|$/) + 1);
    };
    return { offset: move(offset), value: value && [move(value[0]), move(value[0])], literal };
  }

  private documentsOf({ content }: TextPlace): readonly YamlDocument[] {
    let documents = this.texts.get(content);
    if (!documents) this.texts.set(content, documents = readText(content, this.budget));
    return documents;
  }
}
