import { ConnectionDelivery } from './connection';
import { isPlaceholder } from '../documents/placeholders';
import { NODE_NAME_TEMPLATE, readsHubSecret, withoutHubTemplates } from '../openshift/hub-template';

/** The keys whose values differ from cluster to cluster, which RHACM may fill in on its hub. */
const BY_CLUSTER: readonly string[] = ['left', 'leftid', 'leftsubnet', 'right', 'rightid', 'rightsubnet'];

/**
 * What is wrong with a value of a connection that a template is to fill in; undefined where nothing is.
 *
 * Whether a policy of RHACM holds what has one shows at synthesis: the rule `hub-template-outside-policy` judges it.
 */
export function templateProblem(key: string, value: unknown, delivery: ConnectionDelivery | undefined): string | undefined {
  if (!isPlaceholder(value)) return undefined;
  const text = String(value);
  const isNode = key === 'left' && text === NODE_NAME_TEMPLATE;
  if (!isNode && (isPlaceholder(withoutHubTemplates(text, '')) || !BY_CLUSTER.includes(key))) {
    return 'is a placeholder of a template, which nothing fills in: give the value itself';
  }
  if (delivery === ConnectionDelivery.KEYFILE) {
    return "is a template of RHACM, which fills in nothing inside the file that delivery KEYFILE writes: leave 'delivery' out, or give the "
      + 'value itself';
  }
  if (readsHubSecret(text)) {
    return 'is from a Secret of the hub, which RHACM fills in as Base64, and the node would take that for the value: give '
      + "RhacmTemplate.clusterLabel('…'), or the value itself";
  }
  return undefined;
}
