"""What the commands share: output, installation, retention."""
