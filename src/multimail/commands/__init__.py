"""What a person types: the operator's commands, and the operations mounted beside them."""
