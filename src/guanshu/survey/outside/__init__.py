"""Work done in a process of its own (`python -m guanshu.survey.outside JOB`), so that web processes stay small.

A job gets a JSON object on stdin and answers on stdout; a Refused comes back as status 3 with its sentence.
"""
