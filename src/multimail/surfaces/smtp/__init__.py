"""The receiver: SMTP commands in, replies out; the only place that knows aiosmtpd."""
