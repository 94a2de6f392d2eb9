import type { Finding } from '../core/finding';
import type { RuleId } from '../core/rule-ids';

export function error(rule: RuleId, message: string, fix?: string): Finding {
  return { rule, severity: 'error', message, ...fix === undefined ? {} : { fix } };
}

export function warning(rule: RuleId, message: string, fix?: string): Finding {
  return { rule, severity: 'warning', message, ...fix === undefined ? {} : { fix } };
}
