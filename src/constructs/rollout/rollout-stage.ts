/** A stage of a rollout: one chart, so one file. The name is the chart's. */
export enum RolloutStage {
  /** Announces another MTU, which every node takes over with a reboot. */
  MIGRATION = 'migration',
  /** Installs the NMState operator. */
  OPERATOR = 'operator',
  /** Starts the NMState operator, whose kind exists only when it is installed. */
  NMSTATE = 'nmstate',
  /** Pauses the pools. */
  PAUSE = 'pause',
  /** The nodes' certificates, how they are renewed, and whatever else is a MachineConfig, the guard among it. */
  CERTIFICATES = 'certificates',
  /** The Network object; and the DaemonSets that need the libreswan which it brings. */
  MODE = 'mode',
  /** Ends the pause. */
  UNPAUSE = 'unpause',
  /** The connections; and the guard, where what it protects must not stop before they are up. */
  ENDPOINTS = 'endpoints',
  /** Looks whether all is well. */
  VERIFICATION = 'verification',
}

/** The stages from the first to the last: the only place that says the order. */
export const STAGES: readonly RolloutStage[] = [
  RolloutStage.MIGRATION, RolloutStage.OPERATOR, RolloutStage.NMSTATE, RolloutStage.PAUSE, RolloutStage.CERTIFICATES, RolloutStage.MODE,
  RolloutStage.UNPAUSE, RolloutStage.ENDPOINTS, RolloutStage.VERIFICATION,
];

/** The first stage that needs the changed nodes; whoever applies a rollout waits for them before it. */
export const FIRST_ON_CHANGED_NODES = RolloutStage.ENDPOINTS;
