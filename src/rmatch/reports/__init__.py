"""Reports: what one audience may see of a matching, and the pages and workbooks made of it."""
