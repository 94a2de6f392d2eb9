/**
 * Templates that Red Hat Advanced Cluster Management fills in: `{{hub … hub}}` on the hub, for each managed cluster.
 *
 * @see https://docs.redhat.com/en/documentation/red_hat_advanced_cluster_management_for_kubernetes/2.12/html/governance/governance#template-processing
 */

/** What stands for the name of the node in a template over the nodes of a cluster. */
export const NODE_NAME_TEMPLATE = '{{ $node.metadata.name }}';

const HUB_TEMPLATE = /\{\{-?\s*hub\b[^]*?\bhub\s*-?\}\}/;
const HUB_TEMPLATES = new RegExp(HUB_TEMPLATE.source, 'g');

/** The first template of the hub in a text. */
export function hubTemplateIn(text: string): string | undefined {
  return text.includes('{{') ? HUB_TEMPLATE.exec(text)?.[0] : undefined;
}

/** A text with something in the place of each template of the hub. */
export function withoutHubTemplates(text: string, standIn: string): string {
  return text.includes('{{') ? text.replace(HUB_TEMPLATES, standIn) : text;
}

/** Whether a template of the hub reads a Secret, whose values are Base64, and encrypted on their way. */
export function readsHubSecret(text: string): boolean {
  return /\{\{-?\s*hub\b[^]*?\bfromSecret\b/.test(text);
}
