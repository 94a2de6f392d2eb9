import { Yaml } from 'cdk8s';
import * as fc from 'fast-check';
import { resolvePlain } from '../../src/butane/yaml/yaml-resolve';
import { refuseMisreadTexts } from '../../src/synthesis/misread-text';

const message = (text: string, number: string) =>
  `the text '${text}' would be written without quotes, which Kubernetes reads as the number `
  + `${number}: cdk8s knows only the numbers of YAML 1.1; write another text, or add the field to the file that it wrote`;

describe('a text that Kubernetes would read as a number', () => {
  test.each([
    ['0X1F', '31'],
    ['0o7', '7'],
    ['0O17', '15'],
    ['0B1', '1'],
    ['-0X1', '-1'],
    ['0b-1', '-1'],
    ['1e3_', '1000'],
    ['+_7', '7'],
  ])('%s is refused, wherever it stands', (text, number) => {
    expect(() => refuseMisreadTexts({ a: { b: ['x', { c: text }] } })).toThrow(message(text, number));
    expect(() => refuseMisreadTexts({ a: { [text]: 'x' } })).toThrow(message(text, number));
  });

  test.each(['0x1F', '0b1', '0777', '1e3', '0O8', '0Xg', '0o', 'yes', '1_000'])('%s is none, or has quotes', (text) => {
    expect(() => refuseMisreadTexts({ a: [text], n: 7, none: null })).not.toThrow();
  });

  test('is any that cdk8s leaves without quotes and Go does not take for a text', () => {
    const text = fc.string({ unit: fc.constantFrom(...'01789xXoObB_+-.eE:aFnyN~='), minLength: 1, maxLength: 7 });
    fc.assert(fc.property(fc.oneof(text, text.map((tail) => `0${tail}`)), (one) => {
      const misread = Yaml.stringify([one]) === `- ${one}\n` && resolvePlain(one).tag !== '!!str';
      if (misread) expect(() => refuseMisreadTexts([one])).toThrow('would be written without quotes');
      else expect(() => refuseMisreadTexts([one])).not.toThrow();
    }), { numRuns: 2000 });
  });
});
