/*
 * tram-videos: has strangers' films read by ffmpeg for tramd, where ffmpeg can reach nothing else.
 *     tram-videos FFMPEG FFPROBE [FOLDER]   one job of media/video_channel.h; FOLDER is where it
 *                                           works if no mount namespace is to be had
 *     tram-videos --prove [FOLDER]          tries from ffmpeg's place what is forbidden there; with
 *                                           FOLDER by Landlock alone; exit 0 only if all is denied
 */
#include "media/video/serve.h"

int main(int argc, char **argv)
{
    return videos_serve(argc, argv);
}
