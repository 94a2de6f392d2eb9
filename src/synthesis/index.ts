export * from './fleet-synth';
