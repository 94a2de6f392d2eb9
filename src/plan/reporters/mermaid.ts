import type { Plan } from '../model'; export function mermaidPlan(_plan: Plan): string { return ''; }
