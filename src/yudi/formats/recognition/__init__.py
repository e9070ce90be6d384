"""What lies in a folder of maps and sheets, and which scheme could be made of it: everything with its ground."""
