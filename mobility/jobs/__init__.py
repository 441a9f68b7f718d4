"""The worker: claims runs and has them solved in a child process."""
