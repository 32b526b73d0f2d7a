/* The life of tram-videos. */
#pragma once

/* Of main; the exit status. */
int videos_serve(int argc, char **argv);
/* What is tried in ffmpeg's place; a line for each attempt on stdout. */
int videos_attempt(void);
