"""MQTT in and out: a persistent session whose PUBACK follows the commit."""

from monitor.mqtt.address import BrokerAddress, Will
from monitor.mqtt.connection import PublishRefused
from monitor.mqtt.inbox import Batch
from monitor.mqtt.subscriber import Subscriber

__all__ = ["Batch", "BrokerAddress", "PublishRefused", "Subscriber", "Will"]
