"""What several tests share: builds, pictures, browsers, servers. A helper that one test uses stands in that test."""
