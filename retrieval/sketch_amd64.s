#include "textflag.h"

// ones<> is how many bits each number from 0 to 15 has, once for either half of a register.
DATA ones<>+0(SB)/8, $0x0302020102010100
DATA ones<>+8(SB)/8, $0x0403030203020201
DATA ones<>+16(SB)/8, $0x0302020102010100
DATA ones<>+24(SB)/8, $0x0403030203020201
GLOBL ones<>(SB), RODATA|NOPTR, $32

DATA nibble<>+0(SB)/8, $0x0f0f0f0f0f0f0f0f
DATA nibble<>+8(SB)/8, $0x0f0f0f0f0f0f0f0f
DATA nibble<>+16(SB)/8, $0x0f0f0f0f0f0f0f0f
DATA nibble<>+24(SB)/8, $0x0f0f0f0f0f0f0f0f
GLOBL nibble<>(SB), RODATA|NOPTR, $32

// COUNT writes to TO, byte by byte, how many bits the plane at AX+AT has in common with the sketch in Y0 and
// Y1, its two halves added: at most 16 (Muła, Kurz and Lemire, "Faster Population Counts Using AVX2
// Instructions", 2018).
#define COUNT(AT, TO) \
	VPAND   AT(AX), Y0, Y2;    \
	VPAND   AT+32(AX), Y1, Y3; \
	VPAND   Y2, Y15, Y4;       \
	VPAND   Y3, Y15, Y5;       \
	VPSRLW  $4, Y2, Y2;        \
	VPSRLW  $4, Y3, Y3;        \
	VPAND   Y2, Y15, Y2;       \
	VPAND   Y3, Y15, Y3;       \
	VPSHUFB Y4, Y14, Y4;       \
	VPSHUFB Y5, Y14, Y5;       \
	VPSHUFB Y2, Y14, Y2;       \
	VPSHUFB Y3, Y14, Y3;       \
	VPADDB  Y4, Y5, Y4;        \
	VPADDB  Y2, Y3, Y2;        \
	VPADDB  Y2, Y4, TO

// func scoreWide(q *[4]sketch, sketches *sketch, n, low int, scores *uint16)
TEXT ·scoreWide(SB), NOSPLIT, $0-40
	MOVQ    q+0(FP), AX
	MOVQ    sketches+8(FP), SI
	MOVQ    n+16(FP), CX
	MOVQ    low+24(FP), DX
	MOVQ    scores+32(FP), DI
	VMOVDQU ones<>(SB), Y14
	VMOVDQU nibble<>(SB), Y15
	VPXOR   Y13, Y13, Y13
	TESTQ   CX, CX
	JZ      done

next:
	VMOVDQU (SI), Y0
	VMOVDQU 32(SI), Y1
	COUNT(0, Y6)
	COUNT(64, Y7)
	COUNT(128, Y8)
	COUNT(192, Y9)
	VPADDB  Y8, Y8, Y8 // n0 + 2·(n1 + 2·n2), at most 112 a byte
	VPADDB  Y7, Y8, Y8
	VPADDB  Y8, Y8, Y8
	VPADDB  Y6, Y8, Y8
	VPSADBW Y13, Y8, Y8
	VPSADBW Y13, Y9, Y9
	VPSLLQ  $3, Y9, Y9
	VPSUBQ  Y9, Y8, Y8

	VEXTRACTI128 $1, Y8, X1 // the sum of the four
	VPADDQ       X1, X8, X8
	VPSHUFD      $0xEE, X8, X1
	VPADDQ       X1, X8, X8
	VMOVQ        X8, BX
	SUBQ         DX, BX
	MOVW         BX, (DI)
	ADDQ         $64, SI
	ADDQ         $2, DI
	DECQ         CX
	JNZ          next

done:
	VZEROUPPER
	RET
