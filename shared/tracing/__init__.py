"""One trace from a webhook to the vendor's answer, for whoever collects OpenTelemetry's spans.

Spans are made of what is recorded anyhow: the edge's answer, the relay's confirm, the attempt and
the vendor calls of its row. Nothing is measured twice, and nothing runs inside a handler.
"""
