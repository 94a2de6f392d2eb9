import type { Plan } from '../model'; export function htmlPlan(_plan: Plan): string { return ''; }
