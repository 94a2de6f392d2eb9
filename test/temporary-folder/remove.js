const { rmSync } = require('fs');

module.exports = () => rmSync(process.env.TMPDIR, { recursive: true, force: true });
