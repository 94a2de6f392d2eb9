const { chmodSync, mkdtempSync } = require('fs');
const { tmpdir } = require('os');
const { join } = require('path');

/** Whatever tests leave in the folder for temporary files goes with it at the end. Others may look into it, as into the one it is in. */
module.exports = () => {
  const folder = mkdtempSync(join(tmpdir(), 'tests-'));
  chmodSync(folder, 0o755);
  process.env.TMPDIR = folder;
};
