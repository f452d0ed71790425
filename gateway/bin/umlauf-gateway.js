#!/usr/bin/env -S node --max-semi-space-size=64
import { gatewayCommand } from '../dist/configuration/command.js';

try {
  await gatewayCommand().name('umlauf-gateway').parseAsync(process.argv);
} catch (error) {
  process.stderr.write(`umlauf-gateway: ${error.message}\n`);
  process.exitCode = 1;
}
