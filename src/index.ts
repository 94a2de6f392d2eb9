export * from './openshift';
export * from './synthesis';
