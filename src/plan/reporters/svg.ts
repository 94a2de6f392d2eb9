import type { Plan } from '../model'; export function svgPlan(_plan: Plan): string { return ''; }
