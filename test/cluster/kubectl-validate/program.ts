import { goProgram } from '../go-program';

/**
 * The path of kubectl-validate, which is built where it is not yet: with the libraries of the Kubernetes that the Machine Config Operator's
 * code is built with, 1.35 instead of 1.30. They know all rules of the definitions, and two thirds of what is compiled serves both.
 */
export const kubectlValidate = () => goProgram('kubectl-validate', { patched: 'sigs.k8s.io/kubectl-validate@v0.0.4' });
